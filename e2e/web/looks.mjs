// How it looks: every place at three widths, in light and dark, judged by axe, and left as pictures to be looked at.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { photo } from '../cloud.mjs';
import { distinct, upload } from '../upload.mjs';
import { accessible, grid, member, ready, shoot, signIn, tile } from './world.mjs';

const widths = { phone: { width: 390, height: 844 }, laptop: { width: 1280, height: 800 }, desk: { width: 2560, height: 1440 } };
const photos = ['sunrise.jpg', 'dandelion.jpg', 'djembe.jpg', 'dogs-sideways.jpg', 'nuthatch.jpg'];

export const looks = (w) => {
  let owner;
  test('pictures to look at', async () => {
    owner = await member(w.cloud);
    for (const name of photos) {
      for (const n of [1, 2, 3]) await upload(owner.api, `${n} ${name}`, distinct(await photo(name), `looks ${n}`));
    }
    await upload(owner.api, 'broken.jpg', Buffer.from('no picture at all'));
  });

  for (const [name, viewport] of Object.entries(widths)) {
    for (const colorScheme of ['light', 'dark']) {
      test(`${name}, ${colorScheme}`, async () => {
        const visitor = await w.visit({ viewport, colorScheme, hasTouch: name === 'phone', isMobile: name === 'phone' });
        const { page } = visitor;
        const seen = async (place) => {
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${place} fits its width`);
          await accessible(page, `${place}, ${name}, ${colorScheme}`);
          await shoot(page, `${place}-${name}-${colorScheme}`);
        };
        await page.getByRole('heading', { name: 'Sign in' }).waitFor();
        await seen('sign-in');
        await signIn(page, owner);
        await tile(page, /^Failed broken\.jpg/).waitFor();
        await ready(page, '1 sunrise.jpg');
        await loaded(page);
        await seen('gallery');
        await tile(page, '1 sunrise.jpg').click();
        const viewer = page.getByRole('dialog', { name: '1 sunrise.jpg' });
        await viewer.getByRole('img').first().waitFor();
        await loaded(page);
        await seen('viewer');
        await viewer.getByRole('button', { name: 'Back to all pictures' }).click();
        await page.getByRole('link', { name: 'Account' }).click();
        await page.getByRole('meter', { name: 'Pictures' }).waitFor();
        await seen('account');
        await page.getByRole('link', { name: 'Trash' }).click();
        await page.getByText('The trash is empty').waitFor();
        await seen('trash');
        await visitor.leave();
      });
    }
  }
};

/** loaded waits for the pictures on the screen. */
const loaded = (page) =>
  page.waitForFunction(() => [...document.querySelectorAll('img')].every((img) => img.complete && img.naturalWidth > 0));
