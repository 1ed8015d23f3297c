import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfigFile } from '../../server/cli/config-file.ts';
import { runCommandIn } from '../support/command-line.ts';
import { temporarySite } from '../support/temporary-site.ts';

const CONFIG_NEEDS_URL =
  'dev-serve.config.json: Option "webhook.retries" needs "webhook.url" as well';

const load = async (files: Readonly<Record<string, string>>, name?: string | false) =>
  loadConfigFile(await temporarySite(files), name);

describe('a config file that cannot be meant', () => {
  it.each([
    ['dev-serve.config.json', '{ "prot": 1 }', 'unknown key "prot" (did you mean "port"?)'],
    ['dev-serve.config.json', '{ "zzzzzzzz": 1 }', 'unknown key "zzzzzzzz"'],
    [
      'dev-serve.config.json',
      '{ "webhook": { "uri": "x" } }',
      'unknown key "webhook.uri" (did you mean "webhook.url"?)',
    ],
    ['dev-serve.config.json', '{ "https": { "crt": "x" } }', 'unknown key "https.crt"'],
    ['dev-serve.config.json', '{ "webhook": "http://x" }', '"webhook" must be an object'],
    ['dev-serve.config.json', '{ "prefix": "/x" }', 'unknown key "prefix"'],
    ['dev-serve.config.json', '{ "webhook": [] }', '"webhook" must be an object'],
    ['dev-serve.config.json', '{ "webhook": {} }', '"webhook" must be an object'],
    ['dev-serve.config.json', '{ "https": {} }', '"https" must be true, false, or an object'],
    ['dev-serve.config.json', '{ "https": { "cert": "a" } }', '"https" must be true, false, or'],
    [
      'dev-serve.config.json',
      '{ "https": { "cert": 5, "key": 6 } }',
      '"https" must be true, false',
    ],
    ['dev-serve.config.json', '{ "https": null }', '"https" must be true, false, or an object'],
    ['dev-serve.config.json', '{ "root": "" }', '"root" must be the path of a directory'],
    ['dev-serve.config.json', '{ "mount": null }', '"mount" must be an object of directories'],
    ['dev-serve.config.json', '{ "proxy": null }', '"proxy" must not be null: leave it out'],
    ['dev-serve.config.json', '{ "allowedHosts": null }', '"allowedHosts" must not be null'],
    ['dev-serve.config.json', '{ "logger": "warn" }', '"logger" must be true, false, or an object'],
    ['dev-serve.config.json', '{ "onChange": "x" }', '"onChange" must be a function'],
    ['dev-serve.config.json', '{ "onOutcome": {} }', '"onOutcome" must be a function'],
    ['dev-serve.config.json', '{ "onNotice": null }', '"onNotice" must be a function'],
    ['dev-serve.config.json', '{ "onIgnored": 1 }', '"onIgnored" must be a function'],
    ['dev-serve.config.json', '[]', 'must hold an object'],
    ['dev-serve.config.json', '{ "port": }', 'SyntaxError: Unexpected token'],
    [
      'dev-serve.config.js',
      '\n\nexport default nope;',
      'ReferenceError: nope is not defined (line 3)',
    ],
    ['dev-serve.config.js', 'throw new Error("a\\nb")', 'a'],
    ['dev-serve.config.js', 'export const port = 1;', 'must hold an object, or export one'],
    ['dev-serve.config.mjs', 'export default () => null', 'must hold an object'],
    ['dev-serve.config.mjs', 'import "no-such-package"', "Cannot find package 'no-such-package'"],
    ['dev-serve.config.ts', '\nexport default { port: };', 'ParseError: Unexpected token (line 2)'],
    ['dev-serve.config.ts', '\n\nthrow new TypeError("no")', 'TypeError: no (line 3)'],
    ['package.json', '{ "dev-serve": { "prot": 1 } }', 'unknown key "prot"'],
    ['package.json', '{ "dev-serve": true }', 'must hold an object'],
  ])('%s with %s is an error in one line that names it', async (name, text, reason) => {
    const failure = await load({ [name]: text }).catch((error: unknown) => error);
    const line = failure instanceof Error ? failure.message : '';
    expect(line.startsWith(`${name}: ${reason}`), line).toBe(true);
    expect(line).not.toContain('\n');
  });

  it.each(['none.mjs', 'none.ts', 'none.json', 'folder'])('%s is not there', async (name) => {
    const directory = await temporarySite({});
    await mkdir(join(directory, 'folder'));
    await expect(loadConfigFile(directory, name)).rejects.toThrow(`${name}: no such file`);
  });

  it('is one of two', async () => {
    const files = { 'dev-serve.config.js': '', 'dev-serve.config.ts': '' };
    await expect(load(files)).rejects.toThrow(
      'dev-serve.config.js: there is a configuration in dev-serve.config.ts as well: keep one',
    );
    const packaged = { 'dev-serve.config.json': '{}', 'package.json': '{ "dev-serve": {} }' };
    await expect(load(packaged)).rejects.toThrow('in package.json as well');
  });

  it.each([
    ['{ "prot": 1 }', 'dev-serve.config.json: unknown key "prot" (did you mean "port"?)'],
    ['{ "port": "80" }', 'dev-serve.config.json: Option "port" must be an integer'],
    ['{ "watch": 1 }', 'dev-serve.config.json: Option "watch" must be'],
    ['{ "quiet": "yes" }', 'dev-serve.config.json: Option "quiet" must be true or false'],
    ['{ "open": 1 }', 'dev-serve.config.json: Option "open" must be'],
    [
      '{ "https": {} }',
      'dev-serve.config.json: "https" must be true, false, or an object with both',
    ],
    ['{ "webhook": { "retries": 5 } }', CONFIG_NEEDS_URL],
    ['{ "proxy": 8000 }', 'dev-serve.config.json: Option "proxy" must be'],
    ['{ "root": "none" }', 'dev-serve.config.json: "root": No such directory: /'],
    ['{ "mount": { "/a": "none" } }', 'dev-serve.config.json: "mount": No such directory: /'],
    ['{ "watch": ["none"] }', 'dev-serve.config.json: "watch": No such directory: /'],
    ['{ "https": { "cert": "a", "key": "b" } }', 'dev-serve.config.json: "https.cert": "/'],
    ['{ "host": "no-such.invalid" }', 'dev-serve.config.json: "host": no such host'],
    ['{ "ignore": [""] }', 'dev-serve.config.json: Option "ignore" must hold globs'],
    ['{ "exclude": ["*.map", ""] }', 'dev-serve.config.json: Option "exclude" must hold globs'],
  ])('of %s exits with 1 and one line', async (text, line) => {
    const cwd = await temporarySite({ 'dev-serve.config.json': text });
    const command = runCommandIn({ cwd });
    expect(await command.exit).toBe(1);
    expect(command.output().stdout).toBe('');
    expect(command.output().stderr).toMatch(/^dev-serve: [^\n]+\n$/);
    expect(command.output().stderr).toContain(`dev-serve: ${line}`);
  });
});

it('a config file with a mistake in its syntax exits with 1 and one line', async () => {
  const cwd = await temporarySite({ 'dev-serve.config.js': 'export default { port: };' });
  const command = runCommandIn({ cwd });
  expect(await command.exit).toBe(1);
  const { stderr } = command.output();
  expect(stderr).toMatch(/^dev-serve: dev-serve\.config\.js: SyntaxError: Unexpected token.*\n$/);
});
