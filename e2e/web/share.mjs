// A share link: made in the viewer, opened by somebody without an account, and taken back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { photo } from '../cloud.mjs';
import { distinct, upload } from '../upload.mjs';
import { accessible, member, ready, shoot, signIn } from './world.mjs';

export const share = (w) =>
  test('a shared picture is seen by whoever has the link, until it is taken back', async () => {
    const owner = await member(w.cloud);
    await upload(owner.api, 'secret name.jpg', distinct(await photo('sunrise.jpg'), 'shared'));
    const visitor = await w.visit();
    const { page } = visitor;
    await signIn(page, owner);
    await (await ready(page, 'secret name.jpg')).click();
    await page.getByRole('dialog', { name: 'secret name.jpg' }).getByRole('button', { name: 'Share' }).click();
    await page.getByRole('button', { name: 'Make a link' }).click();
    const link = await page.getByRole('textbox', { name: 'Link to secret name.jpg' }).inputValue();
    await accessible(page, 'the dialog of a link');
    await shoot(page, 'share-dialog');

    const stranger = await w.visit({ expect: [/404|410/] }); // when it is taken back
    await stranger.page.goto(link);
    const picture = stranger.page.getByRole('img', { name: 'The shared photo' });
    await stranger.page.waitForFunction(() => document.querySelector('main img')?.naturalWidth > 0);
    await picture.waitFor();
    assert.doesNotMatch(await stranger.page.content(), /secret/, 'the name is not told');
    await accessible(stranger.page, 'a shared picture');
    await shoot(stranger.page, 'share-page');

    await page.keyboard.press('Escape');
    await owner.api.graphql({ query: `mutation { revokeShare(id: "${await shareId(owner)}") { id } }` });
    const answer = await stranger.page.reload();
    assert.ok([404, 410].includes(answer.status()), `taken back, it answers ${answer.status()}`);
    await stranger.leave();
    await visitor.leave();
  });

async function shareId({ api }) {
  const { data } = await api.graphql({ query: '{ shares(first: 1) { edges { node { id } } } }' });
  return data.shares.edges[0].node.id;
}
