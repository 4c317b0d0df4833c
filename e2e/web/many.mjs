// Thousands of pictures: what is in the page stays small, wherever one scrolls to.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { binary, patience, poll } from '../cloud.mjs';
import { distinct } from '../upload.mjs';
import { grid, member, shoot, signIn } from './world.mjs';

const pictures = 2_000;

/** seed uploads them by the command line, as somebody with a folder would, while other tests run. */
export async function seed(w) {
  const owner = await member(w.cloud);
  const dir = await mkdtemp(path.join(tmpdir(), 'darkroom-many-'));
  const shapes = await drawn(w.browser);
  for (let n = 0; n < pictures; n++) {
    await writeFile(path.join(dir, `picture ${String(n).padStart(4, '0')}.jpg`), distinct(shapes[n % shapes.length], `number ${n}`));
  }
  const config = path.join(dir, 'client.json');
  await writeFile(config, JSON.stringify({ ...w.cloud.config, user: owner.username, password: owner.password }));
  const upload = spawn(binary, ['upload', '--config', config, dir], { stdio: ['ignore', 'pipe', 'pipe'] });
  let told = '';
  for (const stream of [upload.stdout, upload.stderr]) stream.on('data', (text) => (told += text));
  const done = once(upload, 'exit').then(async ([status]) => {
    await rm(dir, { recursive: true });
    assert.equal(status, 0, `the upload of ${pictures} pictures:\n${told.slice(-2000)}`);
    return owner;
  });
  done.catch(() => {}); // the test that waits for it fails
  return { done };
}

/** drawn are small pictures of several shapes and colours. */
async function drawn(browser) {
  const page = await browser.newPage();
  const all = await page.evaluate(async () => {
    const shapes = [[48, 32], [32, 48], [48, 27], [40, 40], [64, 24], [36, 48]];
    const made = shapes.flatMap(([width, height], i) => [0, 1, 2].map(async (n) => {
      const canvas = new OffscreenCanvas(width, height);
      const paint = canvas.getContext('2d');
      const sky = paint.createLinearGradient(0, 0, width, height);
      sky.addColorStop(0, `hsl(${i * 55 + n * 20} 60% 35%)`);
      sky.addColorStop(1, `hsl(${i * 55 + n * 20 + 90} 70% 75%)`);
      paint.fillStyle = sky;
      paint.fillRect(0, 0, width, height);
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer());
      return btoa(String.fromCharCode(...bytes));
    }));
    return Promise.all(made);
  });
  await page.close();
  return all.map((text) => Buffer.from(text, 'base64'));
}

export const many = (w, seeding) =>
  test(`${pictures} pictures are scrolled through`, async () => {
    const owner = await seeding.done;
    const visitor = await w.visit();
    const { page } = visitor;
    await signIn(page, owner);
    const cells = grid(page).getByRole('gridcell');
    await page.getByRole('button', { name: /^All\s*2,000$/ }).waitFor();
    await cells.first().locator('img').first().waitFor();
    const first = await cells.first().getAttribute('aria-label');

    await cells.first().focus();
    await page.keyboard.press('Control+End');
    await poll(patience, 'the last picture', async () => /picture \d+\.jpg/.test(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '')) &&
      (await page.evaluate(() => scrollY > 5_000)));
    await page.locator('[role=gridcell]:focus img').first().waitFor();
    assert.ok((await cells.count()) < 400, `${await cells.count()} tiles are in the page`);
    await shoot(page, 'many');
    await page.keyboard.press('Control+Home');
    await poll(patience, 'the first picture', async () => (await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))) === first);
    await visitor.leave();
  });
