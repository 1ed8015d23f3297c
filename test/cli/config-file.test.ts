import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfigFile } from '../../server/cli/config-file.ts';
import { configValues } from '../../server/cli/config-values.ts';
import { runCommandIn } from '../support/command-line.ts';
import { temporarySite } from '../support/temporary-site.ts';

const soon = { timeout: 20_000 };

const load = async (files: Readonly<Record<string, string>>, name?: string | false) =>
  loadConfigFile(await temporarySite(files), name);

describe('a config file', () => {
  it.each([
    ['dev-serve.config.js', 'export default { port: 1 };'],
    ['dev-serve.config.js', 'module.exports = { port: 1 };'],
    ['dev-serve.config.mjs', 'export default () => ({ port: 1 });'],
    ['dev-serve.config.mjs', 'export default async () => ({ port: 1 });'],
    ['dev-serve.config.json', '{ "port": 1 }'],
    [
      'dev-serve.config.ts',
      "import type { Stats } from 'node:fs';\nconst port: number = 1;\nexport default { port } satisfies { port: number };\nexport type { Stats };",
    ],
    ['dev-serve.config.ts', 'export default async (): Promise<object> => ({ port: 1 });'],
    ['package.json', '{ "name": "x", "dev-serve": { "port": 1 } }'],
  ])('is found by its name: %s with %s', async (name, text) => {
    const file = await load({ [name]: text });
    expect(file?.config).toEqual({ port: 1 });
    expect(file?.path).toMatch(new RegExp(`/${name}$`));
  });

  it('is named with --config, wherever it lies', async () => {
    const files = { 'dev-serve.config.json': '{ "port": 1 }', 'other/my.mjs': 'export default {}' };
    expect((await load(files, 'other/my.mjs'))?.config).toEqual({});
  });

  it('is left alone with --no-config, and need not be there', async () => {
    const files = { 'dev-serve.config.json': '{ "prot": 1 }' };
    expect(await load(files, false)).toBeUndefined();
    expect(await load({})).toBeUndefined();
    expect(await load({ 'package.json': '{ "name": "x" }' })).toBeUndefined();
    expect(await load({ 'package.json': 'no JSON' })).toBeUndefined();
  });

  it('has paths that begin at its own directory', async () => {
    const options = { root: 'site', watch: ['a', '/b'], mount: { '/lib': '../lib' } };
    const more = {
      https: { cert: 'c.pem', key: 'd.pem' },
      webhook: { url: 'http://x', retries: 1 },
    };
    const text = JSON.stringify({ ...options, ...more });
    const directory = await temporarySite({ 'in/dev-serve.json': text });
    const file = await loadConfigFile(directory, 'in/dev-serve.json');
    expect(file && configValues(file)).toEqual({
      root: join(directory, 'in/site'),
      watch: [join(directory, 'in/a'), '/b'],
      mount: { '/lib': join(directory, 'lib') },
      'https.cert': join(directory, 'in/c.pem'),
      'https.key': join(directory, 'in/d.pem'),
      'webhook.url': 'http://x',
      'webhook.retries': 1,
    });
  });
});

it('a config file in plain .js loads without a word, whatever package.json says', async () => {
  const cwd = await temporarySite({
    'package.json': '{}',
    'dev-serve.config.js': 'export default { port: 8123 };',
  });
  const command = runCommandIn({ cwd }, '--print-config');
  expect(await command.exit).toBe(0);
  expect(command.output().stderr).toBe('');
  expect(JSON.parse(command.output().stdout).port).toEqual({ value: 8123, source: 'file' });
});

it('callbacks in a config file are called, and do not silence the terminal', async () => {
  const cwd = await temporarySite({
    'index.html': '<p>one',
    'dev-serve.config.js': `import { writeFileSync } from 'node:fs';
      export default {
        port: 0,
        onChange: ({ path }) => writeFileSync(new URL('.seen', import.meta.url), path),
        onOutcome: () => console.log('theirs'),
      };`,
  });
  const command = runCommandIn({ cwd });
  await command.url();
  await writeFile(join(cwd, 'index.html'), '<p>two');
  await expect
    .poll(() => readFile(join(cwd, '.seen'), 'utf8').catch(() => ''), soon)
    .toBe('/index.html');
  await expect
    .poll(() => command.output().stdout, soon)
    .toMatch(/write {3}\/index\.html.*no tabs\ntheirs\n/);
});
