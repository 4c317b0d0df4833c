// The blocks of docs/clients.md that say so are run as they stand, and hear of a picture.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { patience, photo, poll, start } from './cloud.mjs';
import { distinct, upload } from './upload.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
let cloud, dir, api;

before(async () => {
  cloud = await start();
  dir = await mkdtemp(path.join(here, 'node_modules', '.clients-')); // where imports find their packages
  api = await signedIn(cloud.config);
});

after(async () => {
  await rm(dir, { recursive: true, force: true });
  const { code } = await cloud.stop();
  assert.equal(code, 0, `the cloud stops cleanly:\n${cloud.output()}`);
});

/** blocks are the runnable ones by name; those of one name belong together. */
async function blocks() {
  const text = await readFile(path.join(here, '../docs/clients.md'), 'utf8');
  const all = new Map();
  for (const [, name, code] of text.matchAll(/<!-- run: (\S+) -->\n```\w+\n(.*?)```/gs)) all.set(name, (all.get(name) ?? '') + code);
  return all;
}

async function signedIn({ cognito, graphql, user, password }) {
  const answer = await fetch(cognito.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth' },
    body: JSON.stringify({
      AuthFlow: 'USER_PASSWORD_AUTH', ClientId: cognito.clientId, AuthParameters: { USERNAME: user, PASSWORD: password },
    }),
  });
  const authorization = (await answer.json()).AuthenticationResult.AccessToken;
  return {
    async graphql(body) {
      const answer = await fetch(graphql, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(body) });
      return answer.json();
    },
  };
}

const line = /^\d+ [0-9a-f-]{36} READY$/m;

for (const [name, runner, heard] of [
  ['amplify.mjs', process.execPath, line],
  ['apollo.mjs', process.execPath, line],
  ['live.sh', 'sh', /"imageEvents":\{[^}]*"READY"/],
]) {
  test(`${name} of docs/clients.md hears of a picture`, async () => {
    const code = (await blocks()).get(name);
    assert.ok(code, 'it is in the document');
    const file = path.join(dir, name);
    await writeFile(file, code);
    const child = spawn(runner, [file], {
      env: { ...process.env, CONFIG: path.join(cloud.dir, 'client.json'), PATH: `${path.join(here, 'node_modules/.bin')}:${process.env.PATH}` },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true, // so that it is ended with what it started
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
    const jpeg = await photo('sunrise.jpg');
    let [n, last] = [0, 0];
    try {
      // None of them says when it is live. So pictures come until one is heard of.
      await poll(patience, 'it to hear READY', async () => {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
        if (Date.now() - last > 300) {
          await upload(api, `${name}.jpg`, distinct(jpeg, `${name} ${n++}`));
          last = Date.now();
        }
        return heard.test(said);
      });
    } catch (reason) {
      throw new Error(`it said:\n${said}`, { cause: reason });
    } finally {
      process.kill(-child.pid);
    }
  });
}
