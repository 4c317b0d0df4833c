// The unmodified aws-amplify client signs in, subscribes, uploads and hears of its picture.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';

globalThis.WebSocket ??= WebSocket; // Node 20 has none of its own

const { Amplify } = await import('aws-amplify');
const { fetchAuthSession, signIn, signOut } = await import('aws-amplify/auth');
const { generateClient } = await import('aws-amplify/api');
const { Hub } = await import('aws-amplify/utils');
const { patience, photo, poll, start } = await import('./cloud.mjs');

let cloud, api, realtime;

const image = `id version status failure failureMessage filename width height placeholder deletedAt
  capture { takenAt make model } original { url }
  renditions { name url width height bytes contentType expiresAt }`;

before(async () => {
  cloud = await start();
  const { cognito, graphql } = cloud.config;
  Amplify.configure({
    Auth: {
      Cognito: { userPoolId: cognito.userPoolId, userPoolClientId: cognito.clientId, userPoolEndpoint: cognito.endpoint },
    },
    API: { GraphQL: { endpoint: graphql, region: cognito.region, defaultAuthMode: 'userPool' } },
  });
  api = generateClient();
  // Amplify makes wss:// of http://, but leaves HTTP:// alone.
  const endpoint = cloud.config.realtime.replace('http://', 'HTTP://');
  realtime = generateClient({ endpoint, authMode: 'userPool' });
});

after(async () => {
  const { code } = await cloud.stop();
  assert.equal(code, 0, `the cloud stops cleanly:\n${cloud.output()}`);
});

const login = (options) => signIn({ username: cloud.config.user, password: cloud.config.password, options });

/** acknowledged waits until AppSync has taken a subscription. */
const acknowledged = () =>
  new Promise((resolve) => {
    const deaf = Hub.listen('api', ({ payload }) => {
      if (payload.event !== 'Subscription ack') return;
      deaf();
      resolve();
    });
  });

test('signed out, the API refuses', async () => {
  await assert.rejects(api.graphql({ query: '{ me { id } }' }));
});

test('a wrong password is refused', async () => {
  const wrong = signIn({ username: cloud.config.user, password: 'wrong-Pass-1', options: { authFlowType: 'USER_PASSWORD_AUTH' } });
  await assert.rejects(wrong, { name: 'NotAuthorizedException' });
});

for (const authFlowType of ['USER_SRP_AUTH', 'USER_PASSWORD_AUTH']) {
  test(`sign in by ${authFlowType}, ask, sign out`, async () => {
    const { isSignedIn } = await login({ authFlowType });
    assert.ok(isSignedIn);
    const { tokens } = await fetchAuthSession();
    const { data } = await api.graphql({ query: '{ me { id usage { images } } }' });
    assert.equal(data.me.id, tokens.accessToken.payload.sub);
    await signOut();
  });
}

test('a photo goes in, a subscriber hears that it is ready', async () => {
  await login({ authFlowType: 'USER_PASSWORD_AUTH' });
  const [name] = (await readdir(new URL('../testdata', import.meta.url))).filter((f) => f.endsWith('.jpg'));
  const bytes = await photo(name);
  const heard = [];
  const failures = [];
  const live = acknowledged();
  const subscription = realtime
    .graphql({ query: 'subscription { imageEvents { owner id seq version status stage failure width height deletedAt at } }' })
    .subscribe({ next: ({ data }) => heard.push(data.imageEvents), error: (err) => failures.push(err) });
  await live; // what happens before is not heard

  const { data: before } = await api.graphql({ query: '{ changes(after: 0) { head } }' });
  const variables = {
    filename: name, contentType: 'image/jpeg', bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'),
  };
  const create = `mutation Create($filename: String!, $contentType: String!, $bytes: Int!, $sha256: String!) {
    createUpload(filename: $filename, contentType: $contentType, bytes: $bytes, sha256: $sha256) {
      __typename
      ... on UploadTarget { url method headers { name value } expiresAt image { id status } }
      ... on AlreadyHave { image { id status } }
    }
  }`;
  const { data: created } = await api.graphql({ query: create, variables });
  const target = created.createUpload;
  assert.equal(target.__typename, 'UploadTarget');
  assert.equal(target.image.status, 'PENDING');

  const headers = Object.fromEntries(target.headers.map(({ name, value }) => [name, value]));
  const put = await fetch(target.url, { method: target.method, headers, body: bytes });
  assert.equal(put.status, 200, await put.text());
  const again = await fetch(target.url, { method: target.method, headers, body: bytes });
  assert.equal(again.status, 412, 'S3 refuses a second use');

  const id = target.image.id;
  const ready = await poll(patience, 'READY', () => heard.find((e) => e.id === id && e.status === 'READY'));
  assert.ok(ready.width > 0 && ready.height > 0);

  const get = `query Get($id: ID!) { image(id: $id) { ${image} } }`;
  const { data } = await api.graphql({ query: get, variables: { id } });
  assert.equal(data.image.status, 'READY');
  assert.ok(data.image.placeholder);
  assert.deepEqual(data.image.renditions.map((r) => r.name), ['xlarge', 'large', 'medium', 'small', 'square']);
  for (const r of data.image.renditions) {
    const got = await fetch(r.url);
    assert.equal(got.status, 200);
    assert.equal(got.headers.get('content-type'), r.contentType);
    assert.equal((await got.arrayBuffer()).byteLength, r.bytes);
  }
  const unsigned = await fetch(data.image.renditions[0].url.split('?')[0]);
  assert.equal(unsigned.status, 403, 'renditions are private');
  const original = await fetch(data.image.original.url);
  assert.deepEqual(Buffer.from(await original.arrayBuffer()), bytes);

  const { data: twice } = await api.graphql({ query: create, variables });
  assert.equal(twice.createUpload.__typename, 'AlreadyHave');

  // The feed tells the same, without a gap.
  const { data: feed } = await api.graphql({
    query: `query After($after: Int!) { changes(after: $after) { head startOver events { id seq status } } }`,
    variables: { after: before.changes.head },
  });
  const events = feed.changes.events;
  assert.deepEqual(events.map((e) => e.status), ['PENDING', 'PROCESSING', 'READY']);
  assert.deepEqual(events.map((e) => e.seq), [1, 2, 3].map((n) => before.changes.head + n));

  const remove = `mutation Delete($id: ID!) { deleteImage(id: $id) { deletedAt purgeAt } }`;
  await api.graphql({ query: remove, variables: { id } });
  await poll(patience, 'the deletion', () => heard.find((e) => e.id === id && e.deletedAt));
  const { data: listed } = await api.graphql({ query: '{ images { edges { node { id } } pageInfo { hasNextPage } } }' });
  assert.deepEqual(listed.images.edges, []);
  const restore = `mutation Restore($id: ID!) { restoreImage(id: $id) { status deletedAt } }`;
  const { data: back } = await api.graphql({ query: restore, variables: { id } });
  assert.deepEqual(back.restoreImage, { status: 'READY', deletedAt: null });

  assert.deepEqual(failures, []);
  subscription.unsubscribe();
});

test('a signed upload is good for its own bytes only', async () => {
  const bytes = Buffer.concat([await photo('sunrise.jpg'), Buffer.from('another')]);
  const { data: created } = await api.graphql({
    query: `mutation { createUpload(filename: "b.jpg", contentType: "image/jpeg", bytes: ${bytes.length},
      sha256: "${createHash('sha256').update(bytes).digest('hex')}") { ... on UploadTarget { url headers { name value } } } }`,
  });
  const { url, headers } = created.createUpload;
  const signed = Object.fromEntries(headers.map((h) => [h.name, h.value]));
  const other = Buffer.from(bytes);
  other[0] ^= 1;
  const status = async (body, changed = {}) => (await fetch(url, { method: 'PUT', headers: { ...signed, ...changed }, body })).status;
  assert.equal(await status(other), 400, 'other bytes');
  assert.equal(await status(Buffer.concat([bytes, bytes])), 403, 'a longer body');
  assert.equal(await status(bytes, { 'content-type': 'text/html' }), 403, 'another type');
  assert.equal((await fetch(url.replace('/originals/', '/originals/x'), { method: 'PUT', headers: signed, body: bytes })).status, 403, 'another key');
  assert.equal(await status(bytes), 200, 'after all of that, the right one');
});

test('what is not a picture ends FAILED with its reason', async () => {
  const bytes = Buffer.from('this is text, whatever its name says\n');
  const { data: created } = await api.graphql({
    query: `mutation { createUpload(filename: "text.jpg", contentType: "image/jpeg", bytes: ${bytes.length},
      sha256: "${createHash('sha256').update(bytes).digest('hex')}") {
        ... on UploadTarget { url headers { name value } image { id } } } }`,
  });
  const { url, headers, image: { id } } = created.createUpload;
  await fetch(url, { method: 'PUT', headers: Object.fromEntries(headers.map((h) => [h.name, h.value])), body: bytes });
  const failed = await poll(patience, 'FAILED', async () => {
    const { data } = await api.graphql({ query: `{ image(id: "${id}") { status failure failureMessage } }` });
    return data.image.status === 'FAILED' && data.image;
  });
  assert.equal(failed.failure, 'UNSUPPORTED_FORMAT');
  assert.match(failed.failureMessage, /JPEG/);
});

test('another one\'s id is not found, exactly like none', async () => {
  const missing = api.graphql({ query: '{ image(id: "019353ab-9c4e-7def-8123-456789abcdef") { id } }' });
  const { errors } = await missing.catch((err) => err);
  assert.equal(errors[0].extensions.code, 'NOT_FOUND');
});
