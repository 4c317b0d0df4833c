// Between two attempts.
import { Failure, sentence } from '../api/errors.js';

const attempts = 6;
const first = 1_000; // ms; twice that after the next attempt, …
const longest = 30_000; // … up to this

/** pause waits, longer each time, and for the network where there is none. After too many attempts it rejects. */
export async function pause(attempt: number, signal: AbortSignal): Promise<void> {
  if (!navigator.onLine) return heard('online', signal);
  if (attempt + 1 >= attempts) throw new Failure('OFFLINE', sentence('OFFLINE'));
  const ms = Math.min(longest, first * 2 ** attempt) * (0.5 + Math.random() / 2);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), reject(signal.reason)), { once: true });
  });
}

function heard(event: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    addEventListener(event, () => resolve(), { once: true, signal });
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
