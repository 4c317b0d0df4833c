// A large file goes in parts. Those that have arrived, before a reload too, are not sent again.
import type { Parts, Server } from './api.js';
import { type Put, Refused } from './transfer.js';

const atOnce = 3;

export interface Means {
  server: Server;
  put: Put;
  hash(part: Blob): Promise<string>;
  /** Waits before another attempt; rejects when there have been enough. */
  pause(attempt: number, signal: AbortSignal): Promise<void>;
}

/** sendParts sends what is missing, and has the picture made of all. */
export async function sendParts(file: Blob, plan: Parts, means: Means, progress: (bytes: number) => void, signal: AbortSignal): Promise<void> {
  const { image, partBytes, parts } = plan;
  const arrived = await means.server.arrived(image.id);
  const slice = (number: number) => file.slice((number - 1) * partBytes, Math.min(file.size, number * partBytes));
  const sent = new Map<number, number>();
  const tell = (number: number, bytes: number) => {
    sent.set(number, bytes);
    progress([...sent.values()].reduce((a, b) => a + b, 0));
  };
  for (const number of arrived) tell(number, slice(number).size);
  const missing = Array.from({ length: parts }, (_, i) => i + 1).filter((number) => !arrived.has(number));
  const failing = new AbortController(); // one part given up ends the others
  const both = AbortSignal.any([signal, failing.signal]);
  const worker = async () => {
    for (let number; (number = missing.shift()) !== undefined; ) await sendPart(image.id, number, slice(number), means, tell, both);
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, worker));
  } catch (reason) {
    failing.abort(reason);
    throw reason;
  }
  await means.server.complete(image.id);
}

/** sendPart signs anew for every attempt: the last one may have failed because its signature ran out. */
async function sendPart(id: string, number: number, part: Blob, means: Means, tell: (number: number, bytes: number) => void, signal: AbortSignal) {
  const sha256 = await means.hash(part);
  for (let attempt = 0; ; attempt++) {
    const target = await means.server.signPart(id, { number, bytes: part.size, sha256 });
    try {
      await means.put(target, part, (bytes) => tell(number, bytes), signal);
      return tell(number, part.size);
    } catch (reason) {
      if (!(reason instanceof Refused)) throw reason;
      tell(number, 0);
      await means.pause(attempt, signal);
    }
  }
}
