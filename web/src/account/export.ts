// Everything that is kept of a user, in one file.
import type { ResultOf } from '../api/graphql.js';
import type { Ask } from '../api/session.js';
import { exportAccount } from './operations.js';

type Page = ResultOf<typeof exportAccount>['exportAccount'];

/** exported reads all pages into a JSON file. Its parts are kept as text: a large account would not fit as objects. */
export async function exported(ask: Ask, progress: (images: number) => void, signal: AbortSignal): Promise<Blob> {
  const parts: string[] = [];
  let account: Page['account'] | undefined;
  let count = 0;
  let after: string | null = null;
  do {
    const page: ResultOf<typeof exportAccount> = await ask(exportAccount, { after });
    signal.throwIfAborted();
    const { images, pageInfo } = page.exportAccount;
    account ??= page.exportAccount.account;
    for (const image of images) parts.push(`${count++ ? ',\n' : '\n'}${JSON.stringify(image)}`);
    progress(count);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return new Blob([`{"account":${JSON.stringify(account)},\n"images":[`, ...parts, '\n]}\n'], { type: 'application/json' });
}

/** save hands a file to the browser's downloads. */
export function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
