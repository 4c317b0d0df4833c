// What can be done to selected pictures: at most a few requests at a time, and one sentence about how it went.
import { Failure, failure } from '../api/errors.js';
import { deleteImage, purgeImage, restoreImage, retryImage } from '../api/operations.js';
import type { Darkroom } from '../darkroom.js';

export type Deed = 'trash' | 'restore' | 'purge' | 'retry';

const atOnce = 4;

const words: Record<Deed, string> = { trash: 'moved to the trash', restore: 'restored', purge: 'removed for good', retry: 'sent to be developed again' };

export interface Outcome {
  done: string[];
  failed: { id: string; failure: Failure }[];
}

/** perform does it to each. The answers are shown at once; the feed tells of them too. */
export async function perform({ ask, pictures }: Darkroom, deed: Deed, ids: readonly string[]): Promise<Outcome> {
  const outcome: Outcome = { done: [], failed: [] };
  const again = async (id: string) => {
    const image = (await ask(retryImage, { id })).retryImage;
    pictures.answer(image);
    if (image.status === 'FAILED') throw new Failure('CONFLICT', 'It failed just now. Try again in ten seconds.');
  };
  const one = async (id: string) => {
    try {
      if (deed === 'trash') pictures.answer((await ask(deleteImage, { id })).deleteImage);
      else if (deed === 'restore') pictures.answer((await ask(restoreImage, { id })).restoreImage);
      else if (deed === 'retry') await again(id);
      else await ask(purgeImage, { id }).then(() => pictures.remove(id));
      outcome.done.push(id);
    } catch (reason) {
      outcome.failed.push({ id, failure: failure(reason) });
    }
  };
  const waiting = [...ids];
  const worker = async () => {
    for (let id; (id = waiting.shift()) !== undefined; ) await one(id);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return outcome;
}

/** told is the sentence about it. */
export function told(deed: Deed, { done, failed }: Outcome): string {
  const went = done.length > 0 ? `${pictures(done.length)} ${words[deed]}.` : '';
  const not = failed.length > 0 ? `${pictures(failed.length)} could not be: ${failed[0]!.failure.message}` : '';
  return [went, not].filter(Boolean).join(' ');
}

export const pictures = (n: number): string => (n === 1 ? '1 picture' : `${n.toLocaleString()} pictures`);
