// Hashing away from the page.
import { hash } from './hash.js';

export interface Question {
  id: number;
  file: Blob;
}

export type Answer = { id: number } & ({ progress: number } | { sha256: string } | { error: string });

const say = (answer: Answer) => self.postMessage(answer);

self.onmessage = async ({ data: { id, file } }: MessageEvent<Question>) => {
  try {
    say({ id, sha256: await hash(file, (progress) => say({ id, progress })) });
  } catch (reason) {
    say({ id, error: String(reason) });
  }
};
