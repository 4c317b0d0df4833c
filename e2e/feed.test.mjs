// Two hundred uploads behind a bad network: web/src/feed.ts with the unmodified aws-amplify client ends with what the
// database has, and was told of each change once and in order.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';

globalThis.WebSocket ??= WebSocket;

const { Amplify } = await import('aws-amplify');
const { signIn } = await import('aws-amplify/auth');
const { generateClient } = await import('aws-amplify/api');
const { Hub } = await import('aws-amplify/utils');
const { amplifySource } = await import('../web/build/src/amplify.js');
const { Feed } = await import('../web/build/src/feed.js');
const { patience, photo, poll, start } = await import('./cloud.mjs');
const { faults } = await import('./feed-faults.mjs');
const { distinct, upload } = await import('./upload.mjs');

const seed = Number(process.env.SEED ?? 1);
const uploads = 200;
const apart = 90; // ms between two uploads, so that sockets have the time to break and to come back
const pace = { busy: 2_000, idle: 6_000 }; // a test cannot wait for DESIGN's 30 s and 5 min

let cloud, network, api, realtime;

before(async () => {
  cloud = await start();
  const { cognito, graphql } = cloud.config;
  Amplify.configure({
    Auth: { Cognito: { userPoolId: cognito.userPoolId, userPoolClientId: cognito.clientId, userPoolEndpoint: cognito.endpoint } },
    API: { GraphQL: { endpoint: graphql, region: cognito.region, defaultAuthMode: 'userPool' } },
  });
  network = await faults(cloud.config.realtime, seed);
  api = generateClient();
  realtime = generateClient({ endpoint: network.endpoint.replace('http://', 'HTTP://'), authMode: 'userPool' });
  const { user: username, password } = cloud.config;
  await signIn({ username, password, options: { authFlowType: 'USER_PASSWORD_AUTH' } });
});

after(async () => {
  network?.close();
  const { code } = await cloud.stop();
  assert.equal(code, 0, `the cloud stops cleanly:\n${cloud.output()}`);
});

/** Gallery is an application that throws where it is told twice, or out of order. */
class Gallery {
  shown = new Map();
  told = new Set();
  events = [];

  version = (id) => this.shown.get(id)?.version ?? 0;
  unfinished = () => [...this.shown.values()].some(({ status }) => status === 'PENDING' || status === 'PROCESSING');
  reset() {
    assert.equal(this.told.size, 0, 'nothing has expired: only the beginning resets');
  }
  image = ({ id, version, status }) => this.show(id, version, status);
  event(e) {
    if (this.events.length > 0) assert.ok(e.seq > this.events.at(-1).seq, `seq ${e.seq} after ${this.events.at(-1).seq}`);
    this.events.push(e);
    this.show(e.id, e.version, e.status);
    if (e.deletedAt) this.shown.delete(e.id);
  }
  show(id, version, status) {
    const key = `${id} ${version}`;
    assert.ok(!this.told.has(key), `${key} was told twice`);
    this.told.add(key);
    this.shown.set(id, { version, status });
  }
}

const ask = async (query, variables) => (await api.graphql({ query, variables })).data;

/** database is what the API lists. */
async function database() {
  const found = new Map();
  for (let cursor = null, more = true; more; ) {
    const { images } = await ask(`query Page($after: String) { images(first: 100, after: $after) {
      edges { node { id version status } } pageInfo { hasNextPage endCursor } } }`, { after: cursor });
    for (const { node: { id, version, status } } of images.edges) found.set(id, { version, status });
    ({ hasNextPage: more, endCursor: cursor } = images.pageInfo);
  }
  return found;
}

/** history is the whole feed. */
async function history() {
  const all = [];
  for (;;) {
    const { changes } = await ask(`query After($after: Int!) { changes(after: $after) { head events {
      owner id seq version status stage failure width height placeholder deletedAt at } } }`, { after: all.length });
    all.push(...changes.events);
    if (all.length >= changes.head) return all;
  }
}

/** one upload of many. Some go into the trash in the middle of their way; some when they are ready, and come back. */
async function one(jpeg, n) {
  const id = await upload(api, `${n}.jpg`, distinct(jpeg, `picture ${n}`));
  if (n % 10 === 3) await change('deleteImage', id);
  if (n % 20 !== 7) return;
  await poll(patience, `picture ${n}`, async () => {
    const { image } = await ask('query One($id: ID!) { image(id: $id) { status } }', { id });
    return image.status === 'READY';
  });
  await change('deleteImage', id);
  await change('restoreImage', id);
}

const change = (field, id) => ask(`mutation Change($id: ID!) { ${field}(id: $id) { id } }`, { id });

test(`through a bad network (SEED=${seed}), a feed misses nothing`, { timeout: 4 * patience }, async (t) => {
  const jpeg = await photo('sunrise.jpg');
  const stop = new AbortController();
  t.after(() => stop.abort());
  const source = amplifySource({ api, realtime, Hub, fields: 'status' });
  const options = { signal: stop.signal, pace };
  const early = new Gallery();
  const feeds = [new Feed(source, early, { after: 0, ...options })];

  const late = new Gallery(); // comes when half is done, and begins with all images
  const running = new Set();
  for (let n = 0; n < uploads; n++) {
    if (n === uploads / 2) feeds.push(new Feed(source, late, options));
    if (n === uploads - 10) {
      const { counts } = network;
      await poll(patience, 'a socket to be frozen, and one dropped', () => counts.frozen > 0 && counts.dropped > 0);
      network.silence(); // what comes now is lost, the very last event too
    }
    const task = one(jpeg, n).finally(() => running.delete(task));
    running.add(task);
    await Promise.race([sleep(apart), Promise.all(feeds.map((f) => f.done))]);
    if (running.size >= 12) await Promise.race(running);
  }
  await Promise.all(running);

  const stored = await poll(patience, 'all images to be finished', async () => {
    const all = await database();
    const open = [...all.values()].filter(({ status }) => status !== 'READY').length;
    if (open > 0) throw new Error(`${open} of ${all.size} are unfinished`);
    return all;
  });
  const told = await poll(patience, 'the feeds to have everything', async () => {
    const all = await history();
    for (const feed of feeds) await Promise.race([feed.done, sleep(0)]);
    return feeds.every((f) => f.last === all.length) && all;
  });

  assert.deepEqual(early.shown, stored);
  assert.deepEqual(late.shown, stored);
  assert.deepEqual(early.events, told, 'every change was told, once and in order');
  assert.deepEqual(told.map((e) => e.seq), told.map((_, i) => i + 1));
  assert.ok(stored.size === uploads - uploads / 10 && told.length >= 2 * uploads);
  const { counts } = network;
  t.diagnostic(`${told.length} changes; ${JSON.stringify(counts)}`);
  for (const [fault, least] of Object.entries({ dropped: 1, frozen: 1, lost: 20, repeated: 3, late: 3, passed: 20 })) {
    assert.ok(counts[fault] >= least, `the network was too good: ${JSON.stringify(counts)}`);
  }
});
