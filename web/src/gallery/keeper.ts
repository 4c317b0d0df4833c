// Writes the gallery down now and then, and when the page is left.
import type { Cache } from './cache.js';
import type { Pictures } from './pictures.js';

const every = 10_000; // ms at the soonest: thousands of pictures are written at once

/** keepUp keeps the cache near to what is shown, until the signal. `last` tells the feed's number; undefined while it starts over. */
export function keepUp(cache: Cache, pictures: Pictures, last: () => number | undefined, signal: AbortSignal): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let changed = false;
  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    const number = last();
    if (!changed || number === undefined || signal.aborted) return;
    changed = false;
    // The number and the pictures belong together: both are taken in one go.
    void cache.write({ last: number, pictures: pictures.all(), trashRead: pictures.trashRead }).catch(() => {});
  };
  const unsubscribe = pictures.subscribe(() => {
    changed = true;
    timer ??= setTimeout(write, every);
  });
  document.addEventListener('visibilitychange', () => document.hidden && write(), { signal });
  addEventListener('pagehide', write, { signal });
  signal.addEventListener('abort', () => (clearTimeout(timer), unsubscribe()), { once: true });
}
