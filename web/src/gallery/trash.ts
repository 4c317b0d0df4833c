// Pages of images leave the trash out: it has pages of its own.
import { graphql } from '../api/graphql.js';
import { thin } from '../api/operations.js';
import type { ResultOf } from '../api/graphql.js';
import type { Ask } from '../api/session.js';
import type { Pictures } from './pictures.js';

const thrownAway = graphql(
  `query Trash($after: String) { trash(first: 100, after: $after) { edges { node { ...Thin } } pageInfo { hasNextPage endCursor } } }`,
  [thin],
);

/** readTrash tells the pictures of those in the trash. From then on, the feed does. */
export async function readTrash(ask: Ask, pictures: Pictures, signal: AbortSignal): Promise<void> {
  let after: string | null = null;
  do {
    const page: ResultOf<typeof thrownAway> = await ask(thrownAway, { after });
    signal.throwIfAborted();
    const { edges, pageInfo } = page.trash;
    for (const { node } of edges) pictures.answer(node);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  pictures.trashed();
}
