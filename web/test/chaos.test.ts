import assert from 'node:assert/strict';
import { test } from 'vitest';

import { Feed, pace } from '../src/feed.js';
import type { ImageEvent, Listener } from '../src/source.js';
import { type Image, Screen, seeded, Server, Timeline } from './world.js';

const statuses = ['PENDING', 'PROCESSING', 'READY', 'FAILED'] as const;

/** One life of a feed in a bad network. The screen refuses whatever is late, twice or out of order. */
async function live(seed: number): Promise<void> {
  const random = seeded(seed);
  const chance = (p: number) => random() < p;
  const any = (n: number) => Math.floor(random() * n);
  const server = new Server();
  const screen = new Screen();
  const clock = new Timeline();
  const unnumbered: ImageEvent[] = [];
  let up = false;

  server.network = (event: ImageEvent, listener: Listener) => {
    for (let copies = chance(0.3) ? 0 : 1 + any(2); copies > 0; copies--) {
      const send = () => up && server.listener === listener && listener.event(chance(0.05) ? null : { ...event });
      if (chance(0.5)) send();
      else clock.after(any(3000), send);
    }
  };
  server.before = () => {
    if (chance(0.1)) return new Promise(() => {});
    if (chance(0.1)) throw new Error('the network');
    return chance(0.5) ? undefined : new Promise<void>((resolve) => clock.after(any(2000), resolve));
  };

  const feed = new Feed<Image>(server, screen, { clock, random });
  for (let step = 0; step < 120; step++) {
    const id = `image ${any(8)}`;
    if (chance(0.5)) server.change(id, statuses[any(4)]!);
    else if (chance(0.3)) unnumbered.push(server.write(id, statuses[any(4)]!));
    else if (chance(0.3) && unnumbered.length > 0) server.number(unnumbered.shift()!);
    else if (chance(0.3)) ((up = !up) ? server.listener?.live() : server.listener?.lost());
    else if (chance(0.1)) server.listener?.ended(new Error('given up'));
    else if (chance(0.1)) server.floor = any(server.events.length + 1);
    else if (chance(0.2)) feed.look();
    await clock.run(chance(0.8) ? any(500) : any(40_000));
  }
  for (const event of unnumbered) server.number(event);
  server.before = () => {};
  await clock.run(pace.request + pace.patience + pace.idle);
  assert.deepEqual(screen.shown, server.images_);
  assert.equal(feed.last, server.events.length);
  feed.stop();
  await feed.done;
}

test('whatever the network does, the view becomes what the server has', async () => {
  const first = Number(process.env.SEED ?? 1);
  const lives = process.env.SEED ? 1 : 400;
  for (let seed = first; seed < first + lives; seed++) {
    await live(seed).catch((reason) => {
      throw new Error(`SEED=${seed}: ${reason}`, { cause: reason });
    });
  }
});
