// The feed's source for the gallery: the first page comes with links, the others are thin.
import { amplifySource, type GraphQLClient, type Hub } from '../amplify.js';
import type { Source } from '../source.js';
import { changes, type Drawn, firstPage, nextPage, type Thin } from './operations.js';
import type { Ask } from './session.js';

export function gallerySource(ask: Ask, clients: { api: GraphQLClient; realtime: GraphQLClient }, hub: Hub): Source<Thin | Drawn> {
  return {
    changes: async (after, first) => (await ask(changes, { after, first })).changes,
    async images(cursor) {
      const { images } = cursor === null ? await ask(firstPage, {}) : await ask(nextPage, { after: cursor });
      const { hasNextPage, endCursor } = images.pageInfo;
      return { images: images.edges.map(({ node }) => node), next: hasNextPage ? endCursor : null };
    },
    subscribe: amplifySource({ ...clients, Hub: hub, fields: '' }).subscribe,
  };
}
