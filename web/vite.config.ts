import { readFile } from 'node:fs/promises';
import react from '@vitejs/plugin-react';
import type { Connect, Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** While developing, /config.json is what the running cloud wrote down, read anew each time: its ports may have changed. */
function runtimeConfig(file: string): Plugin {
  const answer: Connect.NextHandleFunction = async (_request, response) => {
    const config = await readFile(file, 'utf8').catch(() => undefined);
    response.statusCode = config ? 200 : 503;
    response.setHeader('content-type', 'application/json');
    response.end(config ?? JSON.stringify({ message: `${file} is not there: start the cloud with make run` }));
  };
  return {
    name: 'runtime-config',
    configureServer: (server) => void server.middlewares.use('/config.json', answer),
    configurePreviewServer: (server) => void server.middlewares.use('/config.json', answer),
  };
}

export default defineConfig({
  plugins: [react(), runtimeConfig(process.env.DARKROOM_CONFIG ?? '../.darkroom/client.json')],
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    modulePreload: { polyfill: false }, // it would be an inline script, which the page's policy forbids
    assetsInlineLimit: 0, // nor are data: URLs allowed
  },
  test: { include: ['test/**/*.test.{ts,tsx}'] },
});
