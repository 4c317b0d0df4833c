// Every call of aws-amplify/auth against the local Cognito and the function that it asks, wherever the client runs.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { binary, patience, poll, start } from './cloud.mjs';

const run = promisify(execFile);
const password = 'a dozen letters and more';
let cloud;
let auth;
let users = 0;

/**
 * everyCall makes the tests. `open` is given the cloud's configuration, as Amplify is told it, and answers the functions of
 * aws-amplify/auth; `close` is called when all is done.
 */
export function everyCall({ open, close = () => {} }) {
  before(async () => {
    cloud = await start('--sign-up', '@example.com, guest@example.org');
    const { cognito, graphql } = cloud.config;
    auth = await open({
      Auth: {
        Cognito: { userPoolId: cognito.userPoolId, userPoolClientId: cognito.clientId, userPoolEndpoint: cognito.endpoint },
      },
      API: { GraphQL: { endpoint: graphql, region: cognito.region, defaultAuthMode: 'userPool' } },
    });
  });

  after(async () => {
    await auth?.signOut();
    await close();
    const { code } = await cloud.stop();
    assert.equal(code, 0, `the cloud stops cleanly:\n${cloud.output()}`);
  });

  signUps();
  sessions();
  attributesOfAUser();
  passwords();
  endings();
  refusals();
}

/** letter is the newest code that the inbox shows for an address. */
const letter = (to) =>
  poll(patience, `a code for ${to}`, async () => {
    const page = await (await fetch(new URL('inbox', cloud.config.cognito.endpoint))).text();
    const items = [...page.matchAll(/class="code"[^>]*>(\d{6})<.*?<p class="to">([^<]*)</gs)];
    return items.find(([, , address]) => address === to)?.[1];
  });

/** member signs a new user up, confirms them, and answers their name. */
async function member() {
  const username = `user${++users}@example.com`;
  await auth.signUp({ username, password });
  await auth.confirmSignUp({ username, confirmationCode: await letter(username) });
  return username;
}

const signIn = (username, secret = password, options = undefined) => auth.signIn({ username, password: secret, options });

function signUps() {
  test('sign up, have the code sent again, confirm', async () => {
    const username = 'ann@example.com';
    const begun = await auth.signUp({
      username, password, options: { userAttributes: { email: username, name: 'Ann' }, clientMetadata: { from: 'a test' } },
    });
    assert.equal(begun.isSignUpComplete, false);
    assert.equal(begun.nextStep.signUpStep, 'CONFIRM_SIGN_UP');
    assert.equal(begun.nextStep.codeDeliveryDetails.destination, 'a***@e***');
    const first = await letter(username);
    const { nextStep } = await signIn(username);
    assert.equal(nextStep.signInStep, 'CONFIRM_SIGN_UP');

    assert.equal((await auth.resendSignUpCode({ username })).deliveryMedium, 'EMAIL');
    const code = await poll(patience, 'another code', async () => {
      const newest = await letter(username);
      return newest !== first && newest;
    });
    await assert.rejects(auth.confirmSignUp({ username, confirmationCode: first }), { name: 'CodeMismatchException' });
    const { isSignUpComplete } = await auth.confirmSignUp({ username, confirmationCode: code });
    assert.equal(isSignUpComplete, true);
    await assert.rejects(auth.signUp({ username, password }), { name: 'UsernameExistsException' });
    await assert.rejects(auth.signUp({ username: 'bob@example.com', password: 'short' }), { name: 'InvalidPasswordException' });
  });
}

function sessions() {
  for (const authFlowType of ['USER_SRP_AUTH', 'USER_PASSWORD_AUTH']) {
    test(`sign in by ${authFlowType}, renew the tokens, ask the API, sign out`, async () => {
      const username = await member();
      await assert.rejects(signIn(username, 'not this one', { authFlowType }), { name: 'NotAuthorizedException', message: 'Incorrect username or password.' });
      await assert.rejects(signIn('nobody@example.com', password, { authFlowType }), { name: 'NotAuthorizedException', message: 'Incorrect username or password.' });
      assert.equal((await signIn(username, password, { authFlowType })).isSignedIn, true);
      const before = (await auth.fetchAuthSession()).tokens;
      const after = (await auth.fetchAuthSession({ forceRefresh: true })).tokens;
      assert.notEqual(after.accessToken.toString(), before.accessToken.toString());
      assert.equal(after.accessToken.payload.origin_jti, before.accessToken.payload.origin_jti);
      assert.equal(after.accessToken.payload['cognito:groups'], undefined);
      const { userId, signInDetails } = await auth.getCurrentUser();
      assert.equal(userId, before.accessToken.payload.sub);
      assert.equal(signInDetails.loginId, username);
      assert.equal((await me(after.accessToken)).data.me.id, userId);
      assert.equal((await me(after.idToken)).message, 'Unauthorized');
      await auth.signOut();
      await assert.rejects(auth.getCurrentUser(), { name: 'UserUnAuthenticatedException' });
    });
  }
}

async function me(token) {
  const { graphql } = cloud.config;
  const headers = { authorization: token.toString(), 'content-type': 'application/json' };
  return (await fetch(graphql, { method: 'POST', headers, body: JSON.stringify({ query: '{ me { id } }' }) })).json();
}

function attributesOfAUser() {
  test('fetch, update and delete attributes; a new address counts once it is proven', async () => {
    const username = await member();
    const next = 'renamed@example.com';
    await signIn(username);
    const done = await auth.updateUserAttributes({ userAttributes: { name: 'Ann', locale: 'en-GB' } });
    assert.deepEqual(Object.values(done).map((a) => a.isUpdated), [true, true]);
    await auth.deleteUserAttributes({ userAttributeKeys: ['locale'] });
    const { email } = await auth.updateUserAttributes({ userAttributes: { email: next } });
    assert.equal(email.nextStep.updateAttributeStep, 'CONFIRM_ATTRIBUTE_WITH_CODE');
    let attributes = await auth.fetchUserAttributes();
    assert.deepEqual([attributes.email, attributes.name, attributes.locale], [username, 'Ann', undefined]);
    await auth.sendUserAttributeVerificationCode({ userAttributeKey: 'email' });
    await auth.confirmUserAttribute({ userAttributeKey: 'email', confirmationCode: await letter(next) });
    attributes = await auth.fetchUserAttributes();
    assert.deepEqual([attributes.email, attributes.email_verified], [next, 'true']);
    await auth.signOut();
    assert.equal((await signIn(next)).isSignedIn, true);
    await auth.signOut();
  });
}

function passwords() {
  test('change the password', async () => {
    const username = await member();
    await signIn(username);
    const next = 'quite another password';
    await assert.rejects(auth.updatePassword({ oldPassword: 'not this one', newPassword: next }), { name: 'NotAuthorizedException' });
    await auth.updatePassword({ oldPassword: password, newPassword: next });
    await auth.signOut();
    await assert.rejects(signIn(username), { name: 'NotAuthorizedException' });
    assert.equal((await signIn(username, next)).isSignedIn, true);
    await auth.signOut();
  });

  test('forget the password, and choose another', async () => {
    const username = await member();
    const next = 'quite another password';
    const used = await letter(username);
    for (const name of [username, 'nobody@example.com']) {
      const { nextStep } = await auth.resetPassword({ username: name });
      assert.equal(nextStep.resetPasswordStep, 'CONFIRM_RESET_PASSWORD_WITH_CODE');
    }
    const code = await poll(patience, 'the code', async () => (await letter(username)) !== used && letter(username));
    const reset = (confirmationCode, who = username) => auth.confirmResetPassword({ username: who, confirmationCode, newPassword: next });
    await assert.rejects(reset(used), { name: 'CodeMismatchException' });
    await assert.rejects(reset(code, 'nobody@example.com'), { name: 'CodeMismatchException' });
    await reset(code);
    await assert.rejects(reset(code), { name: 'CodeMismatchException' });
    assert.equal((await signIn(username, next)).isSignedIn, true);
    await auth.signOut();
  });
}

function endings() {
  test('sign out everywhere', async () => {
    const username = await member();
    await signIn(username);
    const { tokens } = await auth.fetchAuthSession();
    await auth.signOut({ global: true });
    const refused = await fetch(cloud.config.cognito.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSCognitoIdentityProviderService.GetUser' },
      body: JSON.stringify({ AccessToken: tokens.accessToken.toString() }),
    });
    assert.equal(refused.headers.get('x-amzn-errortype'), 'NotAuthorizedException');
  });

  test('delete the user', async () => {
    const username = await member();
    await signIn(username);
    await auth.deleteUser();
    await assert.rejects(signIn(username), { name: 'NotAuthorizedException', message: 'Incorrect username or password.' });
  });
}

function refusals() {
  test('who is not a member may not join', async () => {
    const joining = auth.signUp({ username: 'eve@elsewhere.net', password });
    await assert.rejects(joining, { name: 'UserLambdaValidationException', message: 'PreSignUp failed with error this address may not join.' });
    const guest = await auth.signUp({ username: 'guest@example.org', password });
    assert.equal(guest.nextStep.signUpStep, 'CONFIRM_SIGN_UP');
  });

  test('who is suspended is signed out, and may not sign in until that is lifted', async () => {
    const username = await member();
    await signIn(username);
    const suspend = (...flags) => run(binary, ['suspend', username, '--env', `${cloud.dir}/operator.env`, ...flags], { cwd: cloud.dir });
    assert.match((await suspend()).stdout, /is suspended, and signed out/);
    assert.equal((await auth.fetchAuthSession({ forceRefresh: true })).tokens, undefined);
    await auth.signOut();
    for (const authFlowType of ['USER_SRP_AUTH', 'USER_PASSWORD_AUTH']) {
      await assert.rejects(signIn(username, password, { authFlowType }), {
        name: 'UserLambdaValidationException', message: 'PreAuthentication failed with error this account is suspended.',
      });
    }
    assert.match((await suspend('--lift')).stdout, /may sign in again/);
    assert.equal((await signIn(username)).isSignedIn, true);
    await auth.signOut();
  });

  test('guesses are bounded', async () => {
    const username = await member();
    const options = { authFlowType: 'USER_PASSWORD_AUTH' };
    for (let n = 0; n < 10; n++) {
      await assert.rejects(signIn(username, 'not this one', options), { message: 'Incorrect username or password.' });
    }
    await assert.rejects(signIn(username, password, options), { name: 'NotAuthorizedException', message: 'Password attempts exceeded' });
  });
}
