// Uploads: cut short by a reload, sent twice, dropped and pasted, and of files with hostile names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patience, photo, poll } from '../cloud.mjs';
import { distinct } from '../upload.mjs';
import { choose, grid, member, ready, signIn, tile } from './world.mjs';

export const uploads = (w) => {
  const row = (page, text) => page.getByRole('region', { name: 'Uploads' }).getByRole('listitem').filter({ hasText: text });

  test('a reload in mid-upload loses nothing; a file that is there is not sent again', async () => {
    const carol = await member(w.cloud);
    let held = 0;
    let holding = true;
    let stored = 0;
    const visitor = await w.visit({
      expect: [/ERR_FAILED|ERR_ABORTED/],
      route: (context) =>
        context.route('**/darkroom-uploads/**', (route) => {
          if (!holding || route.request().method() !== 'PUT') return route.continue();
          held++; // it never gets there
        }),
    });
    visitor.context.on('response', (r) => (stored += Number(r.request().method() === 'PUT' && r.status() === 200)));
    const { page } = visitor;
    await signIn(page, carol);
    const bytes = await photo('sunrise.jpg');
    const files = [1, 2, 3, 4, 5].map((n) => ({ name: `walk ${n}.jpg`, bytes: distinct(bytes, `walk ${n}`) }));
    await choose(page, ...files);
    await poll(patience, 'an upload under way', () => held > 0);
    await page.goto('about:blank');
    holding = false;
    await page.goto(w.base);
    for (const { name } of files) await ready(page, name);
    await poll(patience, 'the answers', () => stored >= files.length);
    assert.equal(stored, files.length, 'each was stored once');
    assert.equal(await grid(page).getByRole('gridcell').count(), files.length);

    await choose(page, files[0]);
    await row(page, 'You have this one already').waitFor();
    assert.equal(stored, files.length);
    await visitor.leave();
  });

  test('a name is shown as the text it is; what is no picture says so; drop and paste work', async () => {
    const dave = await member(w.cloud);
    const visitor = await w.visit();
    const { page } = visitor;
    await signIn(page, dave);
    const bytes = await photo('sunrise.jpg');
    const hostile = `<img src=x onerror=alert(1)>"'\u202egpj.exe 日本 ${'long '.repeat(30)}.jpg`;
    await choose(page, { name: hostile, bytes: distinct(bytes, 'hostile') }, { name: 'no picture.jpg', bytes: Buffer.from('this is text') });
    await ready(page, '<img src=x onerror=alert(1)>');
    await tile(page, /^Failed no picture\.jpg/).waitFor();
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    const box = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    assert.ok(box, 'a long name does not widen the page');

    await transfer(page, 'drop', 'dropped.jpg', distinct(bytes, 'dropped'));
    await ready(page, 'dropped.jpg');
    await transfer(page, 'paste', 'pasted.jpg', distinct(bytes, 'pasted'));
    await poll(patience, 'the pasted picture', async () => (await grid(page).getByRole('gridcell').count()) === 4);
    await visitor.leave();
  });
};

/** transfer drops or pastes a file onto the page. */
const transfer = (page, type, name, bytes) =>
  page.evaluate(
    ([type, name, base64]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name, { type: 'image/jpeg' }));
      const event = type === 'drop'
        ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
        : new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
    },
    [type, name, bytes.toString('base64')],
  );
