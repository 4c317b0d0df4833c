// aws-amplify/auth, unmodified, in Chromium. ../auth.test.mjs is the same in Node.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { everyCall } from '../auth-calls.mjs';
import { launch } from './chromium.mjs';

let browser, server;

everyCall({
  async open(config) {
    server = await serve(await bundle());
    browser = await launch();
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction(() => window.call);
    await page.evaluate((given) => window.configure(given), config);
    return new Proxy({}, { get: (_, name) => (name === 'then' ? undefined : (...args) => call(page, name, args)) });
  },
  async close() {
    await browser?.close();
    server?.close();
  },
});

/** serve answers a page that runs the script. Chromium lets no page that came from nowhere speak to this machine. */
function serve(script) {
  const files = { '/': ['text/html', '<!doctype html><script type="module" src="/amplify.js"></script>'], '/amplify.js': ['text/javascript', script] };
  const site = createServer((request, response) => {
    const [type, body] = files[request.url] ?? ['text/plain', ''];
    response.writeHead(body ? 200 : 404, { 'content-type': type }).end(body);
  });
  return new Promise((resolve) => site.listen(0, '127.0.0.1', () => resolve(site)));
}

/** call calls one of Amplify's functions in the page, and answers or throws as it did. */
async function call(page, name, args) {
  const { value, fault } = await page.evaluate(([n, a]) => window.call(n, a), [name, args]);
  if (fault) throw Object.assign(new Error(fault.message), { name: fault.name });
  return JSON.parse(JSON.stringify(value), (_, v) => (v?.text && v.payload ? { ...v, toString: () => v.text } : v));
}

/** bundle makes one script of the page's, by the bundler of the web client. */
async function bundle() {
  const web = createRequire(new URL('../../web/package.json', import.meta.url));
  const { build } = await import(web.resolve('vite'));
  const entry = fileURLToPath(new URL('amplify-page.mjs', import.meta.url));
  const lib = { entry, formats: ['es'], fileName: 'amplify' };
  const [{ output }] = [await build({ configFile: false, logLevel: 'warn', root: fileURLToPath(new URL('..', import.meta.url)), build: { lib, write: false } })].flat();
  return output[0].code;
}
