// Built apart from the web client: the two share no file, so a change of one leaves the bytes of the other alone.
import { defineConfig, type Plugin } from 'vite';

/** GraphiQL's style sheet carries two fonts, 370 KB of it. The machine has fonts. */
const withoutFonts: Plugin = {
  name: 'without-fonts',
  enforce: 'pre',
  transform: (code, id) => (/graphiql\/dist\/style\.css/.test(id) ? code.replace(/@font-face\s*\{[^}]*\}/g, '') : undefined),
};

export default defineConfig({
  root: import.meta.dirname,
  base: '/playground/',
  logLevel: 'warn',
  plugins: [withoutFonts],
  build: {
    outDir: '../dist/playground',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2_000,
    // Its dependencies say "use client", which means nothing here.
    rolldownOptions: {
      // What others wrote is one file, whose bytes stay the same when ours change.
      output: { codeSplitting: { groups: [{ name: 'libraries', test: /node_modules/ }] } },
      onwarn: (warning, warn) => void (warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning)),
    },
  },
});
