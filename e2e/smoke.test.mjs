// What `make smoke` says of a deployment, said of the local cloud.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { binary, patience, start } from './cloud.mjs';

const root = path.dirname(path.dirname(binary));
const smoke = (config) => promisify(execFile)(path.join(root, 'deploy/smoke'), ['local', config], { timeout: 2 * patience });

let cloud;
before(async () => (cloud = await start()));
after(() => cloud.stop());

test('smoke hears from AppSync that a picture became READY', async () => {
  const { stdout } = await smoke(path.join(cloud.dir, 'client.json'));
  assert.match(stdout, /AppSync said so:\n.*PENDING\n.*PROCESSING.*\n.*READY/);
  assert.match(stdout, /being purged/);
});

test('smoke fails where AppSync is not', async () => {
  const deaf = path.join(cloud.dir, 'deaf.json');
  await writeFile(deaf, JSON.stringify({ ...cloud.config, realtime: 'http://127.0.0.1:9/graphql' }));
  await assert.rejects(smoke(deaf), ({ stderr }) => /AppSync is not there/.test(stderr));
});
