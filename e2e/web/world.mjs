// What every test of the web client stands on: one cloud, one browser, and visitors who are watched.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { patience, poll, start } from '../cloud.mjs';
import { launch } from './chromium.mjs';

/** world starts everything. */
export async function world() {
  const [cloud, browser] = await Promise.all([start(), launch()]);
  const visitors = new Set();
  return {
    cloud,
    browser,
    base: new URL(cloud.config.graphql).origin,
    visit: (options) => visit(cloud, browser, visitors, options),
    async stop() {
      await browser.close();
      const { code } = await cloud.stop();
      assert.equal(code, 0, `the cloud stops cleanly:\n${cloud.output()}`);
    },
  };
}

/**
 * visit opens the browser for somebody new. `expect` are the console's errors that belong to the test; any other, an
 * exception, and a request that leaves this machine fail it when the visitor leaves.
 */
async function visit(cloud, browser, visitors, { expect = [], route, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'UTC', ...options });
  context.setDefaultTimeout(patience);
  const complaints = [];
  const hosts = new Set();
  context.on('console', (message) => {
    const text = `${message.text()} (${message.location().url})`;
    if (message.type() === 'error' && !expect.some((known) => known.test(text))) complaints.push(text);
  });
  context.on('weberror', (fault) => complaints.push(String(fault.error().stack ?? fault.error())));
  context.on('request', (request) => hosts.add(new URL(request.url()).hostname));
  const page = await context.newPage();
  page.on('websocket', (socket) => hosts.add(new URL(socket.url()).hostname));
  if (route) await route(context);
  const visitor = {
    page,
    context,
    complaints,
    /** Ends the visit, and judges it. */
    async leave() {
      visitors.delete(visitor);
      await context.close();
      assert.deepEqual(complaints, [], 'the console is quiet');
      const outside = [...hosts].filter((host) => host !== '127.0.0.1' && host !== '');
      assert.deepEqual(outside, [], 'no request leaves the machine');
    },
  };
  visitors.add(visitor);
  await page.goto(new URL(cloud.config.graphql).origin);
  return visitor;
}

/** signIn types an address and a password, and waits for the gallery. */
export async function signIn(page, { username, password }) {
  await page.getByLabel('E-mail address').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Places' }).waitFor();
}

let members = 0;

/** member makes a user who has signed up and confirmed, past the pages. */
export async function member({ config }) {
  const username = `member${++members}@example.com`;
  const password = 'a few words will do';
  const ClientId = config.cognito.clientId;
  await cognito(config, 'SignUp', { ClientId, Username: username, Password: password });
  await cognito(config, 'ConfirmSignUp', { ClientId, Username: username, ConfirmationCode: await code(config, username) });
  const { AuthenticationResult } = await cognito(config, 'InitiateAuth', {
    ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: username, PASSWORD: password },
  });
  return { username, password, api: apiOf(config, AuthenticationResult.AccessToken) };
}

async function cognito({ cognito: { endpoint } }, operation, body) {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}` },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200, `${operation}: ${await answer.clone().text()}`);
  return answer.json();
}

/** code is the newest that the inbox shows for an address, after the one that is known. */
export const code = ({ cognito: { endpoint } }, to, before) =>
  poll(patience, `a code for ${to}`, async () => {
    const page = await (await fetch(new URL('inbox', endpoint))).text();
    const items = [...page.matchAll(/class="code"[^>]*>(\d{6})<.*?<p class="to">([^<]*)</gs)];
    const newest = items.find(([, , address]) => address === to)?.[1];
    return newest !== before && newest;
  });

/** apiOf asks the API as somebody, in the shape of Amplify's client. */
const apiOf = ({ graphql }, token) => ({
  async graphql(body) {
    const answer = await fetch(graphql, {
      method: 'POST', headers: { authorization: token, 'content-type': 'application/json' }, body: JSON.stringify(body),
    });
    const { data, errors } = await answer.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return { data };
  },
});

/** grid is the gallery's; a tile's name begins with its file's. */
export const grid = (page) => page.getByRole('grid', { name: 'Your pictures' });
export const tile = (page, name) => grid(page).getByRole('gridcell', { name });

/** ready waits until a tile has left all states behind. */
export async function ready(page, name) {
  const cell = tile(page, name);
  await poll(patience, `${name} to be ready`, async () => {
    const label = await cell.getAttribute('aria-label', { timeout: 1000 });
    return label && !/waiting|developing|failed/i.test(label);
  });
  return cell;
}

/** choose gives files to the picker: names and bytes. */
export const choose = (page, ...files) =>
  page.locator('input[type=file][multiple]').setInputFiles(files.map(({ name, bytes }) => ({ name, mimeType: 'image/jpeg', buffer: bytes })));

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** accessible fails on what axe calls serious or worse. Animations are let end first: half transparent text has no contrast. */
export async function accessible(page, what) {
  await page.evaluate(() => Promise.allSettled(document.getAnimations().filter((a) => a.effect?.getComputedTiming().iterations !== Infinity).map((a) => a.finished)));
  const client = await page.context().newCDPSession(page);
  await client.send('Runtime.evaluate', { expression: `${axeSource};0`, allowUnsafeEvalBlockedByCSP: true });
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
  await client.detach();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const told = serious.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map((n) => `${n.target} ${n.failureSummary}`).slice(0, 3).join(' · ')}`);
  assert.deepEqual(told, [], `${what} is accessible`);
}

const shots = path.join(path.dirname(fileURLToPath(import.meta.url)), 'shots');
await mkdir(shots, { recursive: true });

/** shoot leaves a picture of the page in e2e/web/shots, to be looked at. */
export const shoot = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`) });
