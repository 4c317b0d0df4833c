// Coming and going: sign-up to a live picture, a wrong password, a forgotten one, and leaving.
import { test } from 'node:test';
import { photo } from '../cloud.mjs';
import { accessible, choose, code, grid, ready, shoot, signIn, tile } from './world.mjs';

export const auth = (w) => {
  const { config } = w.cloud;
  const ann = { username: 'ann@example.com', password: 'twelve letters or more' };

  test('from sign-up to a real photo that is ready', async () => {
    const visitor = await w.visit({ expect: [/400/] }); // a wrong code
    const { page } = visitor;
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.getByLabel('E-mail address').fill(ann.username);
    await page.getByLabel('Password', { exact: true }).fill(ann.password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByLabel('Code').fill('000000');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('alert').filter({ hasText: 'That is not the code.' }).waitFor();
    await page.getByLabel('Code').fill(await code(config, ann.username));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('Your first photo').waitFor();
    await accessible(page, 'the empty gallery');
    await choose(page, { name: 'sunrise.jpg', bytes: await photo('sunrise.jpg') });
    await tile(page, 'sunrise.jpg').waitFor();
    const cell = await ready(page, 'sunrise.jpg');
    await cell.locator('img').first().waitFor();
    await accessible(page, 'the gallery');
    await visitor.leave();
  });

  test('a wrong password is refused in words; a forgotten one is replaced', async () => {
    const visitor = await w.visit({ expect: [/400/] }); // a wrong password
    const { page } = visitor;
    await accessible(page, 'the page that signs in');
    await page.getByLabel('E-mail address').fill(ann.username);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').filter({ hasText: 'do not belong together' }).waitFor();

    await page.getByRole('button', { name: 'Forgotten password?' }).click();
    await page.getByLabel('E-mail address').fill(ann.username);
    const before = await code(config, ann.username);
    await page.getByRole('button', { name: 'Send the code' }).click();
    await page.getByLabel('Code').waitFor();
    ann.password = 'quite another password';
    await page.getByLabel('Code').fill(await code(config, ann.username, before));
    await page.getByRole('textbox', { name: 'New password' }).fill(ann.password);
    await page.getByRole('button', { name: 'Set password' }).click();
    await grid(page).waitFor();
    await ready(page, 'sunrise.jpg');
    await visitor.leave();
  });

  test('who signs out is out, in every tab that is opened', async () => {
    const visitor = await w.visit();
    const { page, context } = visitor;
    await signIn(page, ann);
    await page.reload();
    await tile(page, 'sunrise.jpg').waitFor();
    const second = await context.newPage();
    await second.goto(w.base);
    await tile(second, 'sunrise.jpg').waitFor();
    await page.getByRole('link', { name: 'Account' }).click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    for (const tab of [page, second]) {
      await tab.reload();
      await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
    }
    await visitor.leave();
  });
};
