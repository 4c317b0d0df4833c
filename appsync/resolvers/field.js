// Every field of Query and Mutation without a file of its own, on the Lambda data source functions/field. The Lambda
// answers {data, errors}: it selects everything, and AppSync projects what the caller asked for.

import { util } from '@aws-appsync/utils';

/**
 * Hands the field, its arguments and the verified claims to the function.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const info = { parentTypeName: ctx.info.parentTypeName, fieldName: ctx.info.fieldName };
  const claims = ctx.identity ? ctx.identity.claims : null;
  return { operation: 'Invoke', payload: { info, arguments: ctx.args, identity: { claims } } };
}

/**
 * Fails as the API does: the code in errorType, the field and the request id in errorInfo. Partial data comes with its
 * errors. What a function says that broke is never shown.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function response(ctx) {
  const answer = ctx.result;
  if (ctx.error || !answer) {
    util.error('Something went wrong on our side. Try again.', 'INTERNAL');
  }
  const faults = answer.errors || [];
  if (answer.data === null && faults.length > 0) {
    util.error(faults[0].message, faults[0].type, null, faults[0].info);
  }
  for (const fault of faults) {
    util.appendError(fault.message, fault.type, null, fault.info);
  }
  return answer.data;
}
