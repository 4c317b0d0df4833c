// Apollo with aws-appsync-subscription-link, on the plain endpoint, hears what the feed says.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';

globalThis.WebSocket ??= WebSocket;

const { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } = await import('@apollo/client');
const { createSubscriptionHandshakeLink } = await import('aws-appsync-subscription-link');
const { patience, photo, poll, start } = await import('./cloud.mjs');
const { distinct, upload } = await import('./upload.mjs');

let cloud, token, client;

before(async () => {
  cloud = await start();
  token = await accessToken(cloud.config);
  const link = createSubscriptionHandshakeLink(
    {
      url: cloud.config.realtime, region: cloud.config.cognito.region,
      auth: { type: 'AMAZON_COGNITO_USER_POOLS', jwtToken: async () => token },
    },
    new HttpLink({ uri: cloud.config.graphql, headers: { authorization: token } }),
  );
  client = new ApolloClient({ link: ApolloLink.from([link]), cache: new InMemoryCache() });
});

after(async () => {
  client?.stop();
  const { code } = await cloud.stop();
  assert.equal(code, 0, `the cloud stops cleanly:\n${cloud.output()}`);
});

/** accessToken signs the demo user in, as any Cognito client may. */
async function accessToken({ cognito, user, password }) {
  const answer = await fetch(cognito.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
    },
    body: JSON.stringify({
      AuthFlow: 'USER_PASSWORD_AUTH', ClientId: cognito.clientId, AuthParameters: { USERNAME: user, PASSWORD: password },
    }),
  });
  return (await answer.json()).AuthenticationResult.AccessToken;
}

/** api is Apollo as upload wants it. */
const api = {
  graphql: ({ query, variables }) => client.mutate({ mutation: gql(query), variables }),
};

const fields = 'owner id seq version status stage failure width height placeholder deletedAt at';
const plain = (events) => events.map(({ __typename, ...event }) => event);

test('Apollo hears every event that the feed has', async () => {
  const heard = [];
  const failures = [];
  const subscription = client
    .subscribe({ query: gql(`subscription { imageEvents { ${fields} } }`), fetchPolicy: 'no-cache' })
    .subscribe({ next: ({ data, error }) => (error ? failures.push(error) : heard.push(data.imageEvents)), error: (e) => failures.push(e) });

  const jpeg = await photo('sunrise.jpg');
  // The link does not say when it is acknowledged: it is once something is heard.
  let probes = 0;
  await poll(patience, 'the subscription', async () => {
    if (probes < 20) await upload(api, 'probe.jpg', distinct(jpeg, `probe ${probes++}`));
    return heard.length > 0;
  });
  const ids = [];
  for (let n = 0; n < 5; n++) ids.push(await upload(api, `${n}.jpg`, distinct(jpeg, `apollo ${n}`)));
  await client.mutate({ mutation: gql('mutation($id: ID!) { deleteImage(id: $id) { id } }'), variables: { id: ids[0] } });

  const query = gql(`query After($after: Int!) { changes(after: $after) { head events { ${fields} } } }`);
  await poll(patience, 'the same events', async () => {
    assert.deepEqual(failures, []);
    const after = heard[0].seq - 1;
    const { data } = await client.query({ query, variables: { after }, fetchPolicy: 'no-cache' });
    const events = plain(data.changes.events);
    assert.equal(heard[0].seq + events.length - 1, data.changes.head);
    const ended = ids.slice(1).every((id) => events.some((e) => e.id === id && e.status === 'READY'));
    assert.deepEqual(plain(heard), events);
    return ended && events.some((e) => e.id === ids[0] && e.deletedAt);
  });
  subscription.unsubscribe();
});
