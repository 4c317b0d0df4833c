// Two browsers of one user, and a network that is cut.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { test } from 'node:test';
import { patience, photo, poll } from '../cloud.mjs';
import { distinct, upload } from '../upload.mjs';
import { choose, grid, member, ready, signIn, tile } from './world.mjs';

export const live = (w) => {
  test('two browsers see each other\'s changes', async () => {
    const bob = await member(w.cloud);
    const [one, other] = [await w.visit(), await w.visit()];
    for (const { page } of [one, other]) await signIn(page, bob);
    await choose(one.page, { name: 'lake.jpg', bytes: distinct(await photo('sunrise.jpg'), 'two browsers') });
    await ready(other.page, 'lake.jpg');
    await tile(other.page, 'lake.jpg').locator('img').first().waitFor();

    await tile(other.page, 'lake.jpg').focus();
    await other.page.keyboard.press('Delete');
    await tile(one.page, 'lake.jpg').waitFor({ state: 'detached' });
    await other.page.getByRole('button', { name: 'Undo' }).click();
    await tile(one.page, 'lake.jpg').waitFor();
    await one.leave();
    await other.leave();
  });

  test('what happened while the network was cut is there when it is back', async () => {
    const eve = await member(w.cloud);
    const line = await cable(new URL(w.cloud.config.realtime));
    const realtime = `http://127.0.0.1:${line.port}/graphql`;
    const visitor = await w.visit({
      bypassCSP: true, // it names the real address of the socket
      expect: [/WebSocket/, /ERR_FAILED/],
      route: async (context) => {
        await context.route('**/config.json', (route) => route.fulfill({ json: { ...w.cloud.config, realtime } }));
        await context.route('**/graphql', (route) => (line.whole() ? route.continue() : route.abort()));
      },
    });
    const { page } = visitor;
    await signIn(page, eve);
    await poll(patience, 'a socket through the cable', () => line.sockets() > 0);
    const bytes = await photo('sunrise.jpg');
    await upload(eve.api, 'before.jpg', distinct(bytes, 'before'));
    await ready(page, 'before.jpg');

    line.cut();
    const id = await upload(eve.api, 'meanwhile.jpg', distinct(bytes, 'meanwhile'));
    await poll(patience, 'it to be developed', async () => {
      const { data } = await eve.api.graphql({ query: `{ image(id: "${id}") { status } }` });
      return data.image.status === 'READY';
    });
    assert.equal(line.sockets(), 0, 'nothing comes through the cable');
    assert.equal(await tile(page, 'meanwhile.jpg').count(), 0);
    line.mend();
    await ready(page, 'meanwhile.jpg');
    assert.equal(await grid(page).getByRole('gridcell').count(), 2);
    await visitor.leave();
    await line.close();
  });
};

/** cable passes bytes on to an address, until it is cut, and again when it is mended. */
async function cable({ hostname, port }) {
  const ends = new Set();
  let whole = true;
  const server = net.createServer((client) => {
    if (!whole) return void client.destroy();
    const far = net.connect(Number(port), hostname);
    for (const [end, other] of [[client, far], [far, client]]) {
      ends.add(end);
      end.on('error', () => other.destroy());
      end.on('close', () => (ends.delete(end), other.destroy()));
      end.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    whole = false;
    for (const end of ends) end.destroy();
  };
  return {
    port: server.address().port,
    whole: () => whole,
    sockets: () => ends.size,
    cut,
    mend: () => void (whole = true),
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
