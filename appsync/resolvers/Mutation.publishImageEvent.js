// Mutation.publishImageEvent, on a NONE data source: nothing is stored here. What the publisher sent is the mutation's
// result, and that result is what AppSync hands to the subscribers of imageEvents.

/**
 * Passes the event through as the data source's answer.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  return { payload: ctx.args.event };
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function response(ctx) {
  return ctx.result;
}
