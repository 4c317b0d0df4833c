// AppSync's resolvers, as AWS's own plugin judges them: what is written in APPSYNC_JS runs there, or not at all.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import appsync from '@aws-appsync/eslint-plugin';
import { ESLint } from 'eslint';

const folder = fileURLToPath(new URL('../appsync/resolvers', import.meta.url));

const eslint = new ESLint({
  cwd: folder,
  overrideConfigFile: true,
  overrideConfig: [
    {
      files: ['**/*.js'],
      languageOptions: {
        parserOptions: { projectService: { allowDefaultProject: ['*.js'] }, tsconfigRootDir: folder },
      },
    },
    { files: ['**/*.js'], ...appsync.configs.recommended },
  ],
});

const said = (results) => results.flatMap((r) => r.messages.map((m) => `${path.basename(r.filePath)}:${m.line} ${m.message}`));

test('the deployed resolvers are APPSYNC_JS', async () => {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  const results = await eslint.lintFiles(files);
  assert.equal(results.length, files.length);
  assert.ok(files.length >= 3, `only ${files}`);
  assert.deepEqual(said(results), []);
});

test('what AppSync cannot run is found', async () => {
  const bodies = {
    'no-for': 'for (let i = 0; i < 3; i += 1) { ctx.stash.i = i; }',
    'no-while': 'while (ctx.stash.go) { ctx.stash.go = false; }',
    'no-try': 'try { ctx.stash.a = 1; } catch (e) { ctx.stash.a = 2; }',
    'no-regex': 'ctx.stash.a = /x/;',
    'no-disallowed-unary-operators': 'ctx.stash.i++;',
    'no-this': 'ctx.stash.a = this;',
    'no-classes': 'class A {}',
    'no-recursion': 'request(ctx);',
  };
  for (const [rule, body] of Object.entries(bodies)) {
    const code = `export function request(ctx) {\n  ${body}\n  return {};\n}\n`;
    const results = await eslint.lintText(code, { filePath: path.join(folder, 'field.js') });
    const rules = results.flatMap((r) => r.messages.map((m) => m.ruleId));
    assert.ok(rules.includes(`@aws-appsync/${rule}`), `${rule}: found ${JSON.stringify(said(results))}`);
  }
});
