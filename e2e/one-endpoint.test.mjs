// The unmodified aws-amplify client, configured as a phone is: with AppSync's endpoint and no other.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';

globalThis.WebSocket ??= WebSocket; // Node 20 has none of its own

const { Amplify } = await import('aws-amplify');
const { signIn } = await import('aws-amplify/auth');
const { generateClient } = await import('aws-amplify/api');
const { patience, photo, poll, start } = await import('./cloud.mjs');

let cloud, api;

before(async () => {
  cloud = await start();
  const { cognito, realtime, user, password } = cloud.config;
  Amplify.configure({
    Auth: {
      Cognito: { userPoolId: cognito.userPoolId, userPoolClientId: cognito.clientId, userPoolEndpoint: cognito.endpoint },
    },
    // Amplify makes wss:// of http://, but leaves HTTP:// alone.
    API: { GraphQL: { endpoint: realtime.replace('http://', 'HTTP://'), region: cognito.region, defaultAuthMode: 'userPool' } },
  });
  await signIn({ username: user, password, options: { authFlowType: 'USER_PASSWORD_AUTH' } });
  api = generateClient();
});

after(async () => {
  const { code } = await cloud.stop();
  assert.equal(code, 0, `the cloud stops cleanly:\n${cloud.output()}`);
});

const fragments = `
  fragment Whole on Image { id version status filename renditions { ...Link } original { url } ...Size }
  fragment Size on Image { width height }
  fragment Link on Rendition { name url contentType }`;

test('a photo goes in and is told READY, by one endpoint', async () => {
  const bytes = await photo('sunrise.jpg');
  const heard = [];
  const failures = [];
  const subscription = api
    .graphql({ query: 'subscription { imageEvents { id seq status } }' })
    .subscribe({ next: ({ data }) => heard.push(data.imageEvents), error: (err) => failures.push(err) });
  const { data: created } = await api.graphql({
    query: `mutation Create($bytes: Int!, $sha256: String!) {
      upload: createUpload(filename: "sunrise.jpg", contentType: "image/jpeg", bytes: $bytes, sha256: $sha256) {
        __typename
        ... on UploadTarget { url method headers { name value } image { id status } }
        ... on AlreadyHave { image { id } }
      }
    }`,
    variables: { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
  });
  const { __typename, url, method, headers, image } = created.upload;
  assert.equal(__typename, 'UploadTarget');
  const put = await fetch(url, { method, headers: Object.fromEntries(headers.map((h) => [h.name, h.value])), body: bytes });
  assert.equal(put.status, 200, await put.text());

  // A socket that is not up yet hears nothing, so the feed is asked too, as any client does.
  await poll(patience, 'READY', async () => {
    const { data } = await api.graphql({ query: '{ changes(after: 0) { events { id status } } }' });
    return data.changes.events.find((e) => e.id === image.id && e.status === 'READY');
  });
  const { data } = await api.graphql({
    query: `query Two($id: ID!, $links: Boolean!) {
      one: image(id: $id) { ...Whole }
      same: image(id: $id) { name: filename renditions @include(if: $links) { url } ... on Image @skip(if: true) { id } }
      images(first: 5) { edges { node { ...Whole } } }
    } ${fragments}`,
    variables: { id: image.id, links: false },
  });
  assert.equal(data.one.status, 'READY');
  assert.deepEqual(data.same, { name: 'sunrise.jpg' });
  assert.deepEqual(data.images.edges.map((e) => e.node.id), [image.id]);
  assert.equal((await fetch(data.one.renditions[0].url)).status, 200);

  await poll(patience, 'an event on the socket', async () => {
    await api.graphql({ query: `mutation { deleteImage(id: "${image.id}") { id } }` });
    await api.graphql({ query: `mutation { restoreImage(id: "${image.id}") { id } }` });
    return heard.find((e) => e.id === image.id);
  });
  assert.deepEqual(failures, []);
  subscription.unsubscribe();
});

test('a refusal has its code in errorType and its field in errorInfo', async () => {
  const refused = (query) =>
    api.graphql({ query }).then(
      () => assert.fail('it was not refused'),
      ({ data, errors }) => ({ data, errors: errors.map(({ errorType, errorInfo, path }) => ({ errorType, errorInfo, path })) }),
    );
  assert.deepEqual(await refused('{ image(id: "01890000-0000-7000-8000-000000000000") { id } me { id } }').then((r) => r.errors), [
    { errorType: 'NOT_FOUND', errorInfo: {}, path: ['image'] },
  ]);
  assert.deepEqual(await refused('{ changes(after: -1) { head } }').then((r) => r.errors), [
    { errorType: 'INVALID_INPUT', errorInfo: { field: 'after' }, path: ['changes'] },
  ]);
});

test('publishing is not for users', async () => {
  const event = '{owner: "x", id: "x", seq: 1, version: 1, status: READY, at: "2026-11-23T14:01:41.000Z"}';
  await assert.rejects(api.graphql({ query: `mutation { publishImageEvent(event: ${event}) { seq } }` }), ({ errors }) => {
    assert.equal(errors[0].errorType, 'Unauthorized');
    return true;
  });
});
