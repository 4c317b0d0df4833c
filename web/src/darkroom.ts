// Everything behind the page, for one signed-in user: what is shown, the feed that keeps it so, and the way to ask.
import { Hub } from 'aws-amplify/utils';
import { several } from './api/batch.js';
import { gallerySource } from './api/feed-source.js';
import type { Drawn, Thin } from './api/operations.js';
import { type Ask, asker, clients } from './api/session.js';
import type { Config } from './config.js';
import { Feed } from './feed.js';
import { Links } from './gallery/links.js';
import { Pictures } from './gallery/pictures.js';
import { Line } from './gallery/line.js';

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
  stop(): void;
}

/** open begins to follow the user's pictures. */
export function open(config: Config, user: User): Darkroom {
  const both = clients(config);
  const ask = asker(both.api);
  const pictures = new Pictures();
  const line = new Line();
  const ending = new AbortController();
  const source = line.watched(gallerySource(ask, both, Hub), () => pictures.completed());
  const feed = new Feed<Thin | Drawn>(source, pictures, { signal: ending.signal, problem: (reason) => line.problem(reason) });
  const look = () => feed.look();
  for (const event of ['focus', 'online']) addEventListener(event, look, { signal: ending.signal });
  return {
    user, ask, pictures, line,
    links: new Links(pictures, (ids) => several(both.api, ids)),
    stop: () => ending.abort(),
  };
}
