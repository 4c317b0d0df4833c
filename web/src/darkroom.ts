// Everything behind the page, for one signed-in user: what is shown, the feed that keeps it so, and the way to ask.
import { Hub } from 'aws-amplify/utils';
import { several } from './api/batch.js';
import { gallerySource } from './api/feed-source.js';
import type { Drawn, Thin } from './api/operations.js';
import { type Ask, asker, clients } from './api/session.js';
import type { Config } from './config.js';
import { Feed } from './feed.js';
import { cacheIn, none } from './gallery/cache.js';
import { keepUp } from './gallery/keeper.js';
import { Line } from './gallery/line.js';
import { Links } from './gallery/links.js';
import { Pictures } from './gallery/pictures.js';
import { server } from './upload/api.js';
import { Hasher } from './upload/hasher.js';
import { keepIn, nowhere, openTab } from './upload/keep.js';
import { pause } from './upload/pause.js';
import { put } from './upload/transfer.js';
import { Uploads } from './upload/uploads.js';

export interface User {
  id: string;
  name: string;
}

export interface Darkroom {
  user: User;
  ask: Ask;
  pictures: Pictures;
  links: Links;
  line: Line;
  uploads: Uploads;
  /** Leaves nothing of the pictures on this device. */
  forget(): Promise<void>;
}

/** open begins to follow the user's pictures. */
export async function open(config: Config, user: User, signal: AbortSignal): Promise<Darkroom> {
  const both = clients(config);
  const ask = asker(both.api);
  const pictures = new Pictures();
  const line = new Line();
  const source = line.watched(gallerySource(ask, both, Hub), () => pictures.completed());
  const cache = await cacheIn(indexedDB, user.id).catch(() => none);
  const kept = await cache.read().catch(() => undefined);
  if (kept) pictures.restore(kept.pictures, kept.trashRead);
  const feed = new Feed<Thin | Drawn>(source, pictures, { signal, problem: (reason) => line.problem(reason), ...(kept && { after: kept.last }) });
  keepUp(cache, pictures, () => feed.last, signal);
  const look = () => feed.look();
  for (const event of ['focus', 'online']) addEventListener(event, look, { signal });
  const uploads = await openUploads(ask, pictures, user, signal);
  const forget = () => cache.clear().catch(() => {});
  return { user, ask, pictures, line, uploads, forget, links: new Links(pictures, (ids) => several(both.api, ids)) };
}

async function openUploads(ask: Ask, pictures: Pictures, user: User, signal: AbortSignal): Promise<Uploads> {
  const { tab, isOpen } = openTab(navigator.locks, signal);
  const keep = await keepIn(indexedDB, user.id, tab, isOpen).catch(() => nowhere);
  const hasher = new Hasher();
  const uploads = new Uploads({
    server: server(ask), put, pause, keep,
    hash: (file, progress) => hasher.hash(file, progress),
    shown: (image) => pictures.answer(image),
  });
  signal.addEventListener('abort', () => (uploads.stop(), hasher.stop()), { once: true });
  uploads.resume().catch(() => {}); // nothing was kept that can be read
  return uploads;
}
