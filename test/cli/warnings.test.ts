import { expect, it } from 'vitest';
import { type Source, settingsOf } from '../../server/cli/settings.ts';
import type { PartialValues } from '../../server/cli/values.ts';
import { securityWarnings } from '../../server/cli/warnings.ts';
import { runCommandIn } from '../support/command-line.ts';
import { temporarySite } from '../support/temporary-site.ts';

const warnings = (values: PartialValues, source: Source = 'flag', added: readonly string[] = []) =>
  securityWarnings(settingsOf([{ source, values }]), added);

it.each([
  [{ host: '0.0.0.0' }, '--host 0.0.0.0: other machines can read the directory'],
  [{ allowedHosts: ['a.test', 'b.test'] }, '--allowed-host: answers to a.test, b.test too'],
  [
    { allowedHosts: true } as const,
    '--allowed-host true: every website that is open in a browser here can read this server, by DNS rebinding',
  ],
  [
    { allowedOrigins: ['http://a.test'] },
    '--allowed-origin: pages of http://a.test can read the events',
  ],
  [
    { allowedOrigins: ['http://a.test', '*'] },
    '--allowed-origin *: every website that is open in a browser here can read the events',
  ],
  [{ cors: ['http://a.test'] }, '--cors: pages of http://a.test can read the files'],
  [{ cors: ['*'] }, '--cors *: every website that is open in a browser here can read the files'],
  [{ dotfiles: true }, '--dotfiles: files whose names start with a dot are served'],
  [
    { sensitiveFiles: true },
    '--sensitive-files: files that may hold secrets are served: keys, .env',
  ],
  [{ followSymlinks: true }, '--follow-symlinks: links can lead out of the directory'],
])('Q2: %j is warned of', (values, line) => {
  expect(warnings(values)).toEqual([line]);
});

it.each([{}, { host: 'localhost' }, { host: '127.0.0.1' }, { host: '::1' }, { cors: true }])(
  '%j lets nobody in',
  (values) => {
    expect(warnings(values)).toEqual([]);
  },
);

it('each names what the user has written, wherever that was', () => {
  const host = { host: '::' };
  const text = '::: other machines can read the directory';
  expect(warnings(host, 'environment')).toEqual([`DEV_SERVE_HOST ${text}`]);
  expect(warnings(host, 'file')).toEqual([`host ${text}`]);
  const added = 'DEV_SERVE_ALLOWED_HOSTS: answers to a.test too';
  expect(warnings({}, 'flag', ['a.test'])).toEqual([added]);
});

it('Q2: a server for every host says so in one line', async () => {
  const config = JSON.stringify({ allowedHosts: true, port: 0 });
  const command = runCommandIn({ cwd: await temporarySite({ 'dev-serve.config.json': config }) });
  const url = await command.url();
  const headers = { origin: 'http://evil.example', accept: 'text/event-stream' };
  expect((await fetch(`${url}events`, { headers })).status).toBe(403);
  const output = () => command.output().stdout + command.output().stderr;
  await expect.poll(output, { timeout: 10_000 }).toContain('evil.example');
  expect(output().match(/DNS rebinding/g)).toHaveLength(1);
});
