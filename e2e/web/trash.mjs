// The trash, as somebody finds it who was not there when pictures were thrown away.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patience, photo, poll } from '../cloud.mjs';
import { distinct, upload } from '../upload.mjs';
import { member, ready, shoot, signIn, tile } from './world.mjs';

export const trash = (w) =>
  test('what was thrown away elsewhere is in the trash, the last first, and comes back', async () => {
    const kim = await member(w.cloud);
    const ids = {};
    for (const name of ['one.jpg', 'two.jpg', 'kept.jpg']) {
      ids[name] = await upload(kim.api, name, distinct(await photo('dandelion.jpg'), `trash ${name}`));
    }
    await poll(patience, 'all to be developed', async () => {
      const { data } = await kim.api.graphql({ query: '{ images(status: READY) { edges { node { id } } } }' });
      return data.images.edges.length === 3;
    });
    for (const name of ['two.jpg', 'one.jpg']) await kim.api.graphql({ query: `mutation { deleteImage(id: "${ids[name]}") { id } }` });

    const visitor = await w.visit();
    const { page } = visitor;
    await signIn(page, kim);
    await ready(page, 'kept.jpg');
    await page.getByRole('link', { name: 'Trash' }).click();
    const cells = page.getByRole('grid', { name: 'Pictures in the trash' }).getByRole('gridcell');
    const names = async () => (await cells.evaluateAll((all) => all.map((cell) => cell.getAttribute('aria-label')))).map((label) => label.split(',')[0]);
    await poll(patience, 'both in the trash', async () => (await cells.count()) === 2);
    assert.deepEqual(await names(), ['one.jpg', 'two.jpg']);
    await cells.last().locator('img').first().waitFor();
    await shoot(page, 'trash-full');

    await cells.first().click();
    await page.getByRole('dialog', { name: 'one.jpg' }).getByRole('button', { name: 'Restore' }).click();
    await poll(patience, 'one of them to be left', async () => (await cells.count()) === 1);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Photos', exact: true }).click();
    await tile(page, 'one.jpg').waitFor();
    await visitor.leave();
  });
