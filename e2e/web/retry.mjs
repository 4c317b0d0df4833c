// A picture that failed is tried again, alone and among others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patience, poll } from '../cloud.mjs';
import { upload } from '../upload.mjs';
import { accessible, member, shoot, signIn, tile } from './world.mjs';

/** broken sends two files that are no pictures, before other tests: what has only just failed is not tried again. */
export async function broken({ cloud }) {
  const owner = await member(cloud);
  const ids = [];
  for (const name of ['torn.jpg', 'blank.jpg']) ids.push(await upload(owner.api, name, Buffer.from(`${name} is no picture`)));
  return { owner, ids };
}

export const retry = (w, { owner, ids }) =>
  test('what has failed is tried again, from its tile and where it is looked at', async () => {
    const images = async () => (await owner.api.graphql({ query: '{ images { edges { node { id status version updatedAt } } } }' })).data.images.edges.map(({ node }) => node);
    const rested = async () => (await images()).every(({ status, updatedAt }) => status === 'FAILED' && Date.now() - Date.parse(updatedAt) > 10_000);
    const versions = async () => Object.fromEntries((await images()).map(({ id, version }) => [id, version]));
    /** Asked for, claimed, and failed once more. */
    const tried = (before, id) => poll(patience, 'another try', async () => (await images()).some((i) => i.id === id && i.status === 'FAILED' && i.version === before[id] + 3));

    /** The API answers so for ten seconds; a slow machine needs more. */
    const stillFailed = async (route) => {
      const { query, variables } = route.request().postDataJSON();
      if (!query.includes('retryImage')) return route.continue();
      const { data } = await owner.api.graphql({ query: query.replace('mutation', 'query').replace('retryImage', 'image'), variables });
      return route.fulfill({ json: { data: { retryImage: data.image } } });
    };

    const visitor = await w.visit({ viewport: { width: 390, height: 844 } });
    const { page } = visitor;
    await signIn(page, owner);
    await tile(page, /^Failed torn\.jpg/).waitFor();
    await poll(patience, 'the failures to be ten seconds old', rested);
    const before = await versions();

    await tile(page, /^Failed torn\.jpg/).click();
    const viewer = page.getByRole('dialog', { name: 'torn.jpg' });
    await viewer.getByRole('button', { name: 'Details' }).click();
    await viewer.getByText('This file is not a picture Darkroom can read').waitFor();
    await accessible(page, 'a failed picture');
    await shoot(page, 'failed');
    await viewer.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.toast', { hasText: '1 picture sent to be developed again.' }).waitFor();
    await tried(before, ids[0]);
    await page.route('**/graphql', stillFailed);
    await viewer.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.toast', { hasText: 'It failed just now. Try again in ten seconds.' }).waitFor();
    await page.unroute('**/graphql', stillFailed);
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });

    await tile(page, /^Failed blank\.jpg/).click({ modifiers: ['Control'] });
    await shoot(page, 'failed-selected');
    await page.getByRole('button', { name: 'Try again' }).click();
    await tried(before, ids[1]);
    await tile(page, /^Failed blank\.jpg/).waitFor();
    assert.equal((await versions())[ids[0]], before[ids[0]] + 3, 'the one that had only just failed was left alone');
    await visitor.leave();
  });
