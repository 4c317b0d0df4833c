// Pages of images leave the trash out: what is in it is found in the export of the account.
import { graphql } from '../api/graphql.js';
import { thin } from '../api/operations.js';
import type { ResultOf } from '../api/graphql.js';
import type { Ask } from '../api/session.js';
import type { Pictures } from './pictures.js';

const everything = graphql(
  `query Everything($after: String) { exportAccount(first: 100, after: $after) { images { ...Thin } pageInfo { hasNextPage endCursor } } }`,
  [thin],
);

/** readTrash tells the pictures of those in the trash. From then on, the feed does. */
export async function readTrash(ask: Ask, pictures: Pictures, signal: AbortSignal): Promise<void> {
  let after: string | null = null;
  do {
    const page: ResultOf<typeof everything> = await ask(everything, { after });
    signal.throwIfAborted();
    const { images, pageInfo } = page.exportAccount;
    for (const image of images) if (image.deletedAt !== null) pictures.answer(image);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  pictures.trashed();
}
