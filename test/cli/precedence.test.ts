import { join } from 'node:path';
import { expect, it } from 'vitest';
import { settingsOf } from '../../server/cli/settings.ts';
import { runCommandIn } from '../support/command-line.ts';
import { temporarySite } from '../support/temporary-site.ts';

it('flags come before variables, variables before the config file, and it before defaults', async () => {
  const config = {
    port: 1,
    spa: true,
    watch: ['views'],
    host: 'file.test',
    webhook: { url: 'http://file.test', retries: 9 },
  };
  const cwd = await temporarySite({ 'dev-serve.config.json': JSON.stringify(config) });
  const env = {
    DEV_SERVE_PORT: '2',
    DEV_SERVE_SPA: '0',
    DEV_SERVE_EVENT_PATH: '/variable',
    DEV_SERVE_WEBHOOK_RETRIES: '8',
    DEV_SERVE_ALLOWED_HOSTS: 'added.test',
  };
  const command = runCommandIn({ cwd, env }, '--print-config', '--port', '3', 'site');
  expect(await command.exit).toBe(0);
  const printed = JSON.parse(command.output().stdout);
  expect(printed).toMatchObject({
    configFile: join(cwd, 'dev-serve.config.json'),
    root: { value: 'site', source: 'flag' },
    port: { value: 3, source: 'flag' },
    spa: { value: false, source: 'environment' },
    eventPath: { value: '/variable', source: 'environment' },
    watch: { value: [join(cwd, 'views')], source: 'file' },
    host: { value: 'file.test', source: 'file' },
    'webhook.url': { value: 'http://file.test', source: 'file' },
    'webhook.retries': { value: 8, source: 'environment' },
    'webhook.timeout': { value: 5000, source: 'default' },
    streamMethod: { value: 'both', source: 'default' },
    DEV_SERVE_ALLOWED_HOSTS: { value: ['added.test'], source: 'environment' },
  });
});

it('a flag takes back what a variable or the config file switched on', async () => {
  const config = { list: false, https: { cert: 'a', key: 'b' }, cors: ['http://a.test'] };
  const cwd = await temporarySite({ 'dev-serve.config.json': JSON.stringify(config) });
  const env = { DEV_SERVE_SPA: '1', DEV_SERVE_OPEN: '/x' };
  const flags = ['--no-spa', '--list', '--no-https', '--no-cors', '--no-open'];
  const command = runCommandIn({ cwd, env }, '--print-config', ...flags);
  expect(await command.exit).toBe(0);
  expect(JSON.parse(command.output().stdout)).toMatchObject({
    spa: { value: false, source: 'flag' },
    list: { value: true, source: 'flag' },
    https: { value: false, source: 'flag' },
    'https.cert': { value: null },
    cors: { value: false, source: 'flag' },
    open: { value: false, source: 'flag' },
  });
});

it('--config comes before its variable, and --no-config leaves out all files', async () => {
  const cwd = await temporarySite({
    'dev-serve.config.json': '{ "port": 1 }',
    'two.json': '{ "port": 2 }',
    'three.json': '{ "port": 3 }',
  });
  const portWith = async (variable: string | undefined, ...args: readonly string[]) => {
    const env = { DEV_SERVE_CONFIG: variable };
    const command = runCommandIn({ cwd, env }, '--print-config', ...args);
    await command.exit;
    return JSON.parse(command.output().stdout).port;
  };
  expect(await portWith(undefined)).toEqual({ value: 1, source: 'file' });
  expect(await portWith('two.json')).toEqual({ value: 2, source: 'file' });
  expect(await portWith('two.json', '--config', 'three.json')).toEqual({
    value: 3,
    source: 'file',
  });
  expect(await portWith('two.json', '--no-config')).toEqual({ value: 3000, source: 'default' });
});

it('no HTTPS by a stronger source comes before the certificate of a weaker one', () => {
  const certificate = { 'https.cert': 'a', 'https.key': 'b' };
  const off = { https: false };
  const stronger = settingsOf([
    { source: 'environment', values: off },
    { source: 'file', values: certificate },
  ]);
  expect(stronger.values['https.cert']).toBeUndefined();
  const weaker = settingsOf([
    { source: 'flag', values: certificate },
    { source: 'environment', values: off },
  ]);
  expect(weaker.values).toMatchObject(certificate);
});
