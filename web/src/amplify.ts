// The feed's source through Amplify's clients, which are handed in: nothing is imported.
import type { Changes, ImageEvent, Listener, Source, Versioned } from './source.js';

/** GraphQLClient is what generateClient() answers. */
export interface GraphQLClient {
  graphql(options: { query: string; variables?: Record<string, unknown> }): unknown;
}

/** Hub is Amplify's, of aws-amplify/utils. */
export interface Hub {
  listen(channel: 'api', heard: (capsule: { payload: { event: string; data?: unknown } }) => void): () => void;
}

export interface Amplify {
  /** For queries. */
  api: GraphQLClient;
  /** For the subscription; the same client where queries go to AppSync as well. */
  realtime: GraphQLClient;
  Hub: Hub;
  /** What to ask of an image beside id and version. */
  fields: string;
}

const event = 'owner id seq version status stage failure width height placeholder deletedAt at';

/** amplifySource asks through the clients, as their user. */
export function amplifySource<I extends Versioned>({ api, realtime, Hub, fields }: Amplify): Source<I> {
  const ask = async <T>(query: string, variables: Record<string, unknown>): Promise<T> => {
    const { data } = (await api.graphql({ query, variables })) as { data: T }; // rejects where there are errors
    return data;
  };
  return {
    async changes(after, first) {
      const query = `query Changes($after: Int!, $first: Int) {
        changes(after: $after, first: $first) { events { ${event} } head startOver } }`;
      return (await ask<{ changes: Changes }>(query, { after, first })).changes;
    },
    async images(cursor) {
      const query = `query Images($after: String) {
        images(first: 100, after: $after) { edges { node { id version ${fields} } } pageInfo { hasNextPage endCursor } } }`;
      const { images } = await ask<{ images: Page<I> }>(query, { after: cursor });
      return { images: images.edges.map((e) => e.node), next: images.pageInfo.hasNextPage ? images.pageInfo.endCursor : null };
    },
    subscribe(listener) {
      const deaf = Hub.listen('api', ({ payload }) => tell(listener, payload));
      const events = realtime.graphql({ query: `subscription { imageEvents { ${event} } }` }) as Events;
      const subscription = events.subscribe({
        next: ({ data }) => listener.event(data?.imageEvents ?? null),
        error: (reason) => listener.ended(reason),
        complete: () => listener.ended(new Error('the subscription was completed')),
      });
      return () => {
        deaf();
        subscription.unsubscribe();
      };
    },
  };
}

interface Page<I> {
  edges: { node: I }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

interface Events {
  subscribe(observer: {
    next(value: { data?: { imageEvents?: ImageEvent | null } | null }): void;
    error(reason: unknown): void;
    complete(): void;
  }): { unsubscribe(): void };
}

/** The Hub says when a subscription is acknowledged, and how the socket is. An observer hears neither. */
function tell(listener: Listener, { event, data }: { event: string; data?: unknown }): void {
  if (event === 'Subscription ack') return listener.live();
  if (event !== 'ConnectionStateChange') return;
  const { connectionState } = data as { connectionState: string };
  if (connectionState === 'Connected') listener.live();
  else if (connectionState !== 'Connecting') listener.lost();
}
