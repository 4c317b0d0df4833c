// The playground: every tab works as it is found, and the subscription hears of a picture that is sent meanwhile.
import { test } from 'node:test';
import { patience, poll } from '../cloud.mjs';
import { member, shoot } from './world.mjs';

/** What the answer of each tab must say, near its beginning: no more of it is in the page. */
const answers = {
  Me: /"quota"/, Gallery: /"READY"/, Picture: /"image": \{/, Similar: /"similarImages"/, Changes: /"startOver": false/,
  Announce: /"UploadTarget"/, Restore: /"deletedAt": null/, Reprocess: /"ESTIMATE"/,
};

export const playground = (w) => {
  test('the playground: examples work, the schema is told, and subscriptions hear', async () => {
    const visitor = await w.visit({ expect: [/422/] }); // what is run before the variables of its tab are there
    const { page } = visitor;
    await page.goto(`${w.base}/playground`);
    const run = page.getByRole('button', { name: 'Execute query (Ctrl-Enter)' });
    const stop = page.getByRole('button', { name: 'Stop query (Ctrl-Enter)' });
    const said = () => page.getByRole('region', { name: 'Result Window' }).innerText();
    // The editors need a moment to show what a tab has: what is run too early is run again.
    const running = async (name, done) => {
      await page.getByRole('tab', { name, exact: true }).click();
      await poll(patience, `${name} to work`, async () => {
        if (await run.isVisible()) await run.click({ timeout: 1000 });
        const choice = page.getByRole('menuitem', { name, exact: true });
        if (await choice.isVisible()) await choice.click({ timeout: 1000 });
        return done();
      });
    };
    await page.getByText('Signed in as demo@darkroom.local').waitFor();
    await running('Live', () => stop.isVisible());
    // What happens before the subscription is acknowledged is not heard: pictures are sent until one is.
    let sent = 0;
    await poll(patience, 'the subscription to hear READY', async () => {
      if (Date.now() - sent > 1_000) {
        await page.getByRole('button', { name: 'Send a picture' }).click();
        sent = Date.now();
      }
      return (await said()).includes('"READY"');
    });
    await shoot(page, 'playground-live');
    await stop.click();
    for (const [name, answer] of Object.entries(answers)) await running(name, async () => answer.test(await said()));

    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByRole('link', { name: 'Subscription' }).first().click();
    await page.getByText('Every change of your images, as it happens.').waitFor();
    await shoot(page, 'playground-schema');
    await visitor.leave();
  });

  test('the playground knows the schema where the API does not tell it', async () => {
    const untold = { errors: [{ message: 'the schema is not told here', extensions: { code: 'INTROSPECTION_DISABLED' } }], data: null };
    const visitor = await w.visit({
      route: (context) =>
        context.route('**/graphql', (route) => (route.request().postData()?.includes('__schema') ? route.fulfill({ json: untold }) : route.continue())),
    });
    const { page } = visitor;
    await page.goto(`${w.base}/playground`);
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByRole('link', { name: 'Mutation' }).first().click();
    await page.getByText('Announces a picture and answers how to send it').waitFor();
    await visitor.leave();
  });

  test('the playground asks who you are where there is no demo user', async () => {
    const visitor = await w.visit({
      expect: [/400/],
      route: (context) =>
        context.route('**/config.json', async (route) => {
          const { user, password, ...deployed } = await (await route.fetch()).json();
          await route.fulfill({ json: deployed });
        }),
    });
    const { page } = visitor;
    const { username, password } = await member(w.cloud);
    await page.goto(`${w.base}/playground`);
    await page.getByLabel('E-mail address').waitFor();
    await shoot(page, 'playground-sign-in');
    for (const secret of ['not this one', password]) {
      await page.getByLabel('E-mail address').fill(username);
      await page.getByLabel('Password').fill(secret);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText(secret === password ? `Signed in as ${username}` : 'Incorrect username or password.').waitFor();
    }
    await shoot(page, 'playground-signed-in');
    await visitor.leave();
  });
};
