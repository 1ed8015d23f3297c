import { expect, it } from 'vitest';
import { runCommand } from '../support/command-line.ts';

it.each([
  ['a directory that is not there', ['no-such'], 'No such directory: no-such'],
  ['a file', ['package.json'], 'Not a directory: package.json'],
  ['an unknown flag', ['.', '--prot', '1'], "unknown option '--prot' (Did you mean --port?)"],
  ['a port that is none', ['.', '--port', 'http'], 'A port is a number from 0 to 65535.'],
  ['a port out of range', ['.', '--port', '70000'], 'A port is a number from 0 to 65535.'],
  [
    'an unknown method',
    ['.', '--stream-method', 'udp'],
    'Allowed choices are sse, websocket, both.',
  ],
  ['a path without a slash', ['.', '--event-path', 'x'], '"eventPath" must be a URL path'],
  ['an origin that is none', ['.', '--allowed-origin', 'x'], 'allowedOrigins'],
  ['a host that is none', ['.', '--allowed-host', 'http://x'], 'allowedHosts'],
  ['a second directory', ['.', '..'], 'too many arguments'],
  [
    'a watched directory that is not there',
    ['.', '--watch', 'no-such'],
    'No such directory: no-such',
  ],
  ['an unknown operation', ['.', '--events', 'save'], 'Allowed choices are create, write, remove'],
  ['a proxy that is no URL', ['.', '--proxy', 'nowhere'], 'A proxy is written http://host:port'],
  ['a proxy of another scheme', ['.', '--proxy', 'ftp://x'], '--proxy: Option "proxy" must be'],
  ['a certificate without its key', ['.', '--cert', 'a.pem'], '--cert needs --key'],
  ['a glob that is empty', ['.', '--ignore', ''], "option '--ignore <globs>' argument ''"],
  ['one of two globs', ['.', '--exclude', '*.map,'], 'No entry of the list may be empty.'],
  ['a list of origins that is empty', ['.', '--cors='], 'No entry of the list may be empty.'],
  ['a directory named twice', ['.', '--path', '..'], 'the directory is named twice'],
  ['a host that is not there', ['.', '--host', 'no-such.invalid'], '--host: no such host'],
  ['an address of somebody else', ['.', '--host', '203.0.113.7'], '--host: this machine does not'],
])('Q6: %s exits with 1 and one line on stderr that says why', async (_name, args, text) => {
  const command = runCommand(...args);
  expect(await command.exit).toBe(1);
  const { stdout, stderr } = command.output();
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^dev-serve: [^\n]+\n$/);
  expect(stderr).toContain(text);
});

it('Q4: nothing that is printed holds the password of a URL', async () => {
  const command = runCommand('.', '--proxy', 'http://me:secret@');
  expect(await command.exit).toBe(1);
  expect(command.output().stderr).toContain("argument 'http://' is invalid");
  const webhook = runCommand('.', '--port', '0', '--webhook-url', 'ftp://me:secret@a.test');
  expect(await webhook.exit).toBe(1);
  expect(webhook.output().stderr).not.toContain('secret');
});

it('--version and --help exit with 0', async () => {
  const version = runCommand('--version');
  expect(await version.exit).toBe(0);
  expect(version.output().stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  const help = runCommand('--help');
  expect(await help.exit).toBe(0);
  expect(help.output().stdout).toMatch(/^Usage: dev-serve \[options\] \[directory\]/);
});
