// Subscription.imageEvents, run once when somebody subscribes. The owner comes from the verified token and from nowhere
// else: an argument would be matched as well, and the null that generated clients send for one matches no event at all.

import { util, extensions } from '@aws-appsync/utils';

/**
 * Refuses whoever is not a user of the pool: an IAM identity has no sub, and no events of its own. AppSync takes ID tokens
 * too, which are for a client to read and for no API.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  if (!ctx.identity || !ctx.identity.sub || !ctx.identity.claims || ctx.identity.claims.token_use !== 'access') {
    util.unauthorized();
  }
  return { payload: null };
}

/**
 * Lets only the subscriber's own events through. The result of a subscription's resolver must be null.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function response(ctx) {
  const owner = { owner: { eq: ctx.identity.sub } };
  extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter(owner));
  return null;
}
