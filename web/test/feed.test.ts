import assert from 'node:assert/strict';
import { test } from 'vitest';

import { Feed, type Options, pace } from '../src/feed.js';
import { type Image, quiet, Screen, Server, Timeline } from './world.js';

/** A feed that has read all images of a server and is subscribed, and what it is made of. */
async function following(options: Options = {}, prepare: (server: Server) => void = () => {}) {
  const server = new Server();
  prepare(server);
  const screen = new Screen();
  const clock = new Timeline();
  const problems: unknown[] = [];
  const feed = new Feed<Image>(server, screen, {
    clock, random: () => 0, problem: (reason) => problems.push(reason), ...options,
  });
  feed.done.catch(() => {}); // those who care look at it
  await quiet();
  server.listener?.live();
  await clock.run(pace.settle);
  server.calls = [];
  screen.told.length = 0;
  return { server, screen, clock, feed, problems };
}

const equal = (screen: Screen, server: Server) => assert.deepEqual(screen.shown, server.images_);

test('all images come first, then each change', async () => {
  const { server, screen, feed } = await following({}, (s) => ['a', 'b', 'c'].forEach((id) => s.change(id)));
  equal(screen, server);
  server.change('a');
  server.change('d');
  equal(screen, server);
  assert.deepEqual(screen.told, ['event a 2', 'event d 1']);
  assert.equal(feed.last, 5);
  assert.deepEqual(server.calls, [], 'nothing needs to be asked');
});

test('with a number to go on after, no image is read', async () => {
  const { screen } = await following({ after: 2 }, (s) => ['a', 'b', 'c'].forEach((id) => s.change(id)));
  assert.deepEqual([...screen.shown.keys()], ['c']);
  assert.equal(screen.resets, 0);
});

test('a repeated event is delivered once, a reordered one in its place', async () => {
  const { server, screen } = await following();
  const kept: (() => void)[] = [];
  server.network = (event, listener) => kept.push(() => listener.event(event));
  ['a', 'b', 'c', 'd'].forEach((id) => server.change(id));
  for (const i of [1, 0, 0, 3, 1, 2, 3]) kept[i]!();
  await quiet();
  assert.deepEqual(screen.told, ['event a 1', 'event b 1', 'event c 1', 'event d 1']);
});

test('a jump is caught up with at once', async () => {
  const { server, screen } = await following();
  server.network = () => {};
  for (let i = 0; i < 250; i++) server.change(`lost ${i}`);
  server.network = (event, listener) => listener.event(event);
  server.change('b');
  await quiet();
  equal(screen, server);
  assert.deepEqual(server.calls, ['changes 0', 'changes 100', 'changes 200']);
});

test('an event that cannot be read is looked up', async () => {
  const { server, screen } = await following();
  server.network = (_, listener) => listener.event(null);
  server.change('a');
  await quiet();
  equal(screen, server);
});

test('the last event, lost, is found by the timer: sooner while something is unfinished', async () => {
  for (const [status, ms] of [['PENDING', pace.busy], ['READY', pace.idle]] as const) {
    const { server, screen, clock } = await following();
    server.change('a', status);
    server.network = () => {};
    const told = screen.told.length;
    server.change('a');
    await clock.run(ms - pace.settle - 1);
    assert.equal(screen.told.length, told, `${status}: not before its time`);
    await clock.run(pace.settle + 1);
    equal(screen, server);
  }
});

test('events lost just before and after the acknowledgement are found: at once, and after it has settled', async () => {
  const { server, screen, clock } = await following();
  server.listener!.lost();
  server.network = () => {};
  server.change('before');
  server.listener!.live();
  await quiet();
  equal(screen, server);
  server.change('after');
  await clock.run(pace.settle - 1);
  assert.equal(screen.version('after'), 0);
  await clock.run(1);
  equal(screen, server);
});

test('while the socket is down, the feed is read by the timer', async () => {
  const { server, screen, clock } = await following();
  server.listener!.lost();
  server.network = () => {};
  server.change('a');
  await clock.run(pace.busy);
  equal(screen, server);
});

test('look reads at once', async () => {
  const { server, screen, feed } = await following();
  server.network = () => {};
  server.change('a');
  feed.look();
  await quiet();
  equal(screen, server);
});

test('a feed that has expired starts over: the head, all images, what came after the head', async () => {
  const { server, screen } = await following({}, (s) => ['a', 'b', 'c'].forEach((id) => s.change(id)));
  server.network = () => {};
  server.change('a');
  server.change('b');
  server.floor = 4;
  server.network = (event, listener) => listener.event(event);
  server.before = (call) => {
    if (call === 'images 2') server.change('a'); // the page with it has been read
    if (call === 'images null') server.change('c'); // its page has not: the event is older than what is shown
  };
  server.change('d');
  await quiet();
  equal(screen, server);
  assert.deepEqual(screen.told, ['reset', 'image a 2', 'image b 2', 'image c 2', 'image d 1', 'event a 3']);
});

test('an event numbered late, of a version that is shown, is not delivered', async () => {
  const late = new Server().write('a', 'READY');
  const { server, screen, feed } = await following({}, (s) => s.write('a', 'READY'));
  assert.equal(screen.version('a'), 1);
  server.number(late);
  assert.deepEqual(screen.told, []);
  assert.equal(feed.last, 1);
});

test('starting over goes on where it failed', async () => {
  const { server, screen, clock, feed } = await following({}, (s) => ['a', 'b', 'c', 'd', 'e'].forEach((id) => s.change(id)));
  server.floor = 6;
  server.change('f');
  server.change('g');
  let failures = 2;
  server.before = (call) => {
    if (call === 'images 4' && failures-- > 0) throw new Error('the network');
  };
  feed.last = 3; // as one who was away
  feed.look();
  await clock.run(10_000);
  equal(screen, server);
  assert.equal(screen.resets, 2);
  assert.deepEqual(server.calls.filter((c) => c.startsWith('images')), [null, 2, 4, 4, 4, 6].map((c) => `images ${c}`));
});

test('a server that cannot be reached is asked again, less and less often', async () => {
  const { server, screen, clock, problems } = await following();
  server.before = () => Promise.reject(new Error('the network'));
  server.network = () => {};
  server.change('a');
  server.listener!.live();
  await clock.run(600_000);
  const { length } = server.calls;
  assert.ok(length > 5 && length < 40, `asked ${length} times in ten minutes`);
  assert.equal(problems.length, length);
  server.before = () => {};
  await clock.run(pace.patience);
  equal(screen, server);
});

test('an answer that never comes holds nothing up', async () => {
  const { server, screen, clock, problems } = await following();
  server.before = () => new Promise(() => {});
  server.network = () => {};
  server.change('a');
  server.listener!.live();
  await clock.run(1);
  server.before = () => {};
  server.network = (event, listener) => listener.event(event);
  await clock.run(pace.request + pace.retry);
  equal(screen, server);
  assert.match(String(problems[0]), /no answer/);
});

test('more events than are held while an answer is awaited are delivered all the same', async () => {
  const { server, screen, feed } = await following();
  let answer = () => {};
  server.before = () => new Promise((resolve) => (answer = resolve));
  server.network = () => {};
  server.change('lost');
  server.network = (event, listener) => listener.event(event);
  for (let i = 0; i < 1000; i++) server.change('a');
  assert.equal((Reflect.get(feed, 'held') as Map<number, unknown>).size, 256);
  server.before = () => {};
  answer();
  await quiet();
  equal(screen, server);
  assert.equal(screen.told.length, 1001);
});

test('a feed that skips a number is refused, and asked again', async () => {
  const { server, screen, clock, problems } = await following();
  const [, second] = [server.write('a', 'PENDING'), server.write('b', 'READY')];
  server.events.push({ ...second, seq: 2 });
  server.listener!.event(null);
  await quiet();
  assert.match(String(problems), /answered event 2 after 0/);
  assert.deepEqual(screen.told, []);
  server.events.unshift({ ...second, id: 'a', seq: 1, status: 'PENDING' });
  await clock.run(pace.retry);
  equal(screen, server);
});

test('a subscription that the client gives up is started again, and its old voice is not heard', async () => {
  const { server, screen, clock, problems } = await following();
  const old = server.listener!;
  old.ended(new Error('refused'));
  assert.equal(server.listener, undefined);
  assert.match(String(problems), /refused/);
  server.change('a');
  old.event(server.events[0]!);
  old.live();
  await quiet();
  assert.deepEqual(screen.told, []);
  await clock.run(pace.retry);
  assert.equal(server.subscriptions, 2);
  server.listener!.live();
  await quiet();
  equal(screen, server);
});

test('after the signal nothing is delivered, asked or waited for', async () => {
  const stop = new AbortController();
  const { server, screen, clock, feed } = await following({ signal: stop.signal });
  server.before = () => new Promise(() => {});
  feed.look();
  const listener = server.listener!;
  stop.abort();
  await feed.done;
  assert.equal(server.listener, undefined);
  assert.equal(clock.pending, 0);
  server.change('a');
  listener.event(server.events[0]!);
  listener.ended(new Error('late'));
  await clock.run(pace.idle);
  assert.deepEqual(screen.told, []);
  assert.deepEqual(server.calls, ['changes 0']);
});

test('a signal that was given before leaves the server alone', async () => {
  const server = new Server();
  const feed = new Feed<Image>(server, new Screen(), { signal: AbortSignal.abort() });
  await feed.done;
  assert.deepEqual([server.calls, server.subscriptions], [[], 0]);
});

test('an error of the application ends the feed, and is its reason', async () => {
  const { server, screen, clock, feed } = await following();
  screen.event = () => {
    throw new Error('cannot draw');
  };
  server.change('a');
  await assert.rejects(feed.done, /cannot draw/);
  assert.equal(clock.pending, 0);
});
