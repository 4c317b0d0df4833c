// The real binary, run on free ports with a data folder of its own.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Everything waits so long at most, on a machine that has other things to do as well. */
export const patience = 60_000;

/** binary is the program under test. */
export const binary = path.join(root, 'bin/darkroom');

/** start runs the local cloud and answers its client configuration, its folder, its process and how to stop it. */
export async function start(...flags) {
  const dir = await mkdtemp(path.join(tmpdir(), 'darkroom-e2e-'));
  const child = spawn(binary, ['run', '--port', '0', '--data', dir, ...flags], { cwd: root });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  const config = await poll(patience, `darkroom to start`, async () => {
    if (child.exitCode !== null) throw new Fatal(`darkroom ended with ${child.exitCode}:\n${output}`);
    return JSON.parse(await readFile(path.join(dir, 'client.json'), 'utf8'));
  });
  const stop = async () => {
    child.kill('SIGINT');
    const end = await exited;
    await rm(dir, { recursive: true, force: true });
    return end;
  };
  return { config, dir, child, stop, output: () => output };
}

class Fatal extends Error {}

/** poll calls f until it answers something, or the time is over. */
export async function poll(ms, what, f) {
  const end = Date.now() + ms;
  let last;
  while (Date.now() < end) {
    try {
      const found = await f();
      if (found) return found;
    } catch (err) {
      if (err instanceof Fatal) throw err;
      last = err;
    }
    await sleep(50);
  }
  throw new Error(`waited ${ms} ms for ${what}`, { cause: last });
}

/** photo reads a photograph of testdata. */
export const photo = (name) => readFile(path.join(root, 'testdata', name));
