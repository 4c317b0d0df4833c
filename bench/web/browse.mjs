// What a browser does with each page, by its own clock. Prints figures as JSON.
import { gzipSync } from 'node:zlib';
import { launch } from '../../e2e/web/chromium.mjs';

const { GRAPHQL, POCKETBASE, SUPERUSER, PASSWORD, PICTURES, ROUNDS } = process.env;
const figures = [];
const add = (name, who, metric, unit, value) => figures.push({ case: name, who, metric, unit, value });

const contestants = [
  {
    who: 'darkroom',
    url: `${new URL(GRAPHQL).origin}/`,
    async signIn(page) {
      await page.getByRole('button', { name: 'Continue as demo' }).click();
      await page.locator('[role=gridcell] img').first().waitFor();
    },
  },
  {
    who: 'pocketbase',
    url: `${POCKETBASE}/_/#/collections?collection=images`,
    async signIn(page) {
      await page.locator('input[type=email]').fill(SUPERUSER);
      await page.locator('input[type=password]').fill(PASSWORD);
      await page.keyboard.press('Enter');
      await page.locator('input[type=password]').waitFor({ state: 'detached' });
      await page.goto(`${POCKETBASE}/_/#/collections?collection=images`);
      await page.locator('img[src*="thumb="]').first().waitFor();
    },
  },
];

/** watch runs in the page: it notes when the first picture is drawn, and tasks that hold up everything. */
function watch() {
  globalThis.seen = { tasks: [] };
  new PerformanceObserver((list) => list.getEntries().forEach((e) => seen.tasks.push([e.startTime, e.duration]))).observe({ type: 'longtask', buffered: true });
  const isPicture = (e) => e instanceof HTMLImageElement && /X-Amz-Signature|thumb=/.test(e.currentSrc || e.src);
  document.addEventListener('load', ({ target }) => {
    if (seen.first === undefined && isPicture(target)) requestAnimationFrame(() => (seen.first ??= performance.now()));
  }, true);
}

/** scroll runs in the page: five seconds of what is the longest there, or until its end; answers the frames' times. */
async function scroll() {
  const longest = [document.scrollingElement, ...document.querySelectorAll('*')].reduce((a, b) => (b.scrollHeight - b.clientHeight > a.scrollHeight - a.clientHeight && getComputedStyle(b).overflowY !== 'visible' ? b : a));
  const frames = [];
  const begun = performance.now();
  const from = longest.scrollTop;
  await new Promise((done) => {
    let last = begun;
    let end = 0; // frames without a move
    requestAnimationFrame(function frame(now) {
      frames.push(now - last);
      last = now;
      const before = longest.scrollTop;
      longest.scrollTop = from + (now - begun) * 2; // px in a millisecond: two screens a second
      end = longest.scrollTop === before ? end + 1 : 0;
      if (now - begun < 5_000 && end < 30) requestAnimationFrame(frame);
      else done();
    });
  });
  return { frames: frames.slice(1, -30), way: longest.scrollTop - from, tasks: seen.tasks.filter(([at]) => at >= begun).map(([, ms]) => ms) };
}

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

const browser = await launch();
try {
  for (const c of contestants) { // signed in, thumbs made
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(c.url);
    await c.signIn(page);
    c.state = await context.storageState();
    await context.close();
  }
  for (let round = 0; round < Number(ROUNDS); round++) for (const c of contestants) await visit(c);
  await playground();
} finally {
  await browser.close();
}
console.log(JSON.stringify(figures));

async function visit({ who, url, state }) {
  const context = await browser.newContext({ storageState: state, viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript(watch);
  const shipped = gathered(page);
  await page.goto(url);
  await page.waitForFunction(() => globalThis.seen.first !== undefined, null, { timeout: 60_000 });
  const { scripts, files } = await shipped();
  add('opened', who, 'JavaScript until the first picture, gzip', 'kB', scripts);
  add('opened', who, 'all code until then, gzip', 'kB', files);
  add('opened', who, 'first picture drawn', 'ms', await page.evaluate(() => seen.first));
  await page.waitForLoadState('networkidle');
  add('opened', who, 'tasks over 50 ms, together', 'ms', sum(await page.evaluate(() => seen.tasks.map(([, ms]) => ms))));
  add('opened', who, 'heap of the page', 'MB', await heap(page));

  const { frames, way, tasks } = await page.evaluate(scroll);
  const name = `${Number(PICTURES).toLocaleString('en')} pictures scrolled, at most 5 s`;
  add(name, who, 'frames a second', '1/s', frames.length / (sum(frames) / 1000));
  add(name, who, 'frames over 33 ms', '%', (100 * frames.filter((ms) => ms > 33.4).length) / frames.length);
  add(name, who, 'longest frame', 'ms', Math.max(...frames));
  add(name, who, 'tasks over 50 ms, together', 'ms', sum(tasks));
  add(name, who, 'way', 'px', way);
  add(name, who, 'elements in the page', '', await page.evaluate(() => document.querySelectorAll('*').length));
  await context.close();
}

/** gathered answers what the page has loaded so far, as gzip at its best would send it. */
function gathered(page) {
  const bodies = [];
  page.on('response', (r) => {
    const type = r.headers()['content-type'] ?? '';
    if (/javascript|css|html/.test(type)) bodies.push(r.body().then((body) => ({ type, size: gzipSync(body, { level: 9 }).length / 1000 }), () => undefined));
  });
  return async () => {
    const all = (await Promise.all([...bodies])).filter(Boolean);
    return { scripts: sum(all.filter(({ type }) => /javascript/.test(type)).map(({ size }) => size)), files: sum(all.map(({ size }) => size)) };
  };
}

async function heap(page) {
  const client = await page.context().newCDPSession(page);
  await client.send('HeapProfiler.collectGarbage');
  const { usedSize } = await client.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}

async function playground() {
  const page = await browser.newPage();
  const shipped = gathered(page);
  await page.goto(new URL('/playground', GRAPHQL).href);
  await page.getByText('Signed in as').waitFor();
  const { scripts, files } = await shipped();
  add('playground', 'darkroom', 'JavaScript, gzip', 'kB', scripts);
  add('playground', 'darkroom', 'all code, gzip', 'kB', files);
}
