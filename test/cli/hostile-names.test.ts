import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommandIn } from '../support/command-line.ts';
import { OBEYED } from '../support/obeyed.ts';
import { python } from '../support/peers/programs.ts';
import { temporarySite } from '../support/temporary-site.ts';
import { runInTerminal } from '../support/terminal.ts';

const soon = { timeout: 15_000 };
/** Clears the screen, sets its title, turns the text around, and is read by nobody. */
const HOSTILE = '\u001b[2J\u001b]0;owned\u0007\u009b31m\r\n\u202e\u2066\u200b\u007f';
const NAMES = [
  `a${HOSTILE}.html`,
  `${'long'.repeat(62)}.css`,
  '"><script>alert(1)<\u2044script>.html',
  'two\nlines.html',
];

/** A folder with a name like those of its files. */
async function hostileSite(): Promise<string> {
  const root = join(await temporarySite({}), `site${HOSTILE}`);
  await mkdir(root);
  return root;
}

/** What an upstream says that would like to be printed: a policy that forbids the client. */
async function hostileUpstream(): Promise<number> {
  const head = [
    'HTTP/1.1 200 \x9b31mOK',
    'Content-Type: text/html',
    `Content-Security-Policy: script-src \x9b31m${'x'.repeat(500)}`,
    'Content-Length: 3',
  ];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(`${head.join('\r\n')}\r\n\r\n<p>`, 'latin1'));
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** Does everything from outside that leads to a line, and waits until `output` holds them all. */
async function attack(url: string, root: string, output: () => string): Promise<void> {
  for (const name of NAMES) await writeFile(join(root, name), 'new');
  // Bytes that are no character.
  await writeFile(Buffer.concat([Buffer.from(`${root}/bytes`), Buffer.from([0xff, 0x9b])]), 'new');
  const page = { accept: 'text/html', 'sec-fetch-dest': 'document' };
  await fetch(`${url}proxied${encodeURIComponent(HOSTILE)}`, { headers: page });
  await fetch(`${url}proxied/`, { headers: page });
  const path = `${url}${encodeURIComponent(HOSTILE)}${'p'.repeat(1000)}?token=secret`;
  await fetch(path, { headers: page });
  await fetch(`${url}events`, { headers: { origin: `http://${'\x9b'.repeat(300)}` } });
  const report = { tab: 'tab-of-a-test', page: `/${HOSTILE}?token=secret` };
  const entries = [{ kind: 'script-error', text: `mark ${HOSTILE}${'x'.repeat(500)}` }];
  for (const more of [
    { type: 'open', title: HOSTILE },
    { type: 'log', entries },
  ]) {
    const body = JSON.stringify({ ...report, ...more });
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch(`${url}@dev-serve/report`, { method: 'POST', headers, body });
    expect(status).toBe(204);
  }
  const marks = ['a\\u{1b}', 'longlong', 'two\\u{a}lines', 'mark', 'Content-Security-Policy'];
  for (const mark of [...marks, 'allowedOrigins']) await expect.poll(output, soon).toContain(mark);
}

describe('Q3, Q4: names, requests, pages and upstreams that would like to control the terminal', () => {
  const args = ['--port', '0', '--verbose', '--browser-log'];

  it('are printed in characters that can be seen, and cut', async () => {
    const [root, port] = [await hostileSite(), await hostileUpstream()];
    const proxy = `/proxied=http://127.0.0.1:${port}`;
    const command = runCommandIn({ cwd: root }, ...args, '--proxy', proxy);
    const output = () => command.output().stdout + command.output().stderr;
    await attack(await command.url(), root, output);
    expect(output()).not.toMatch(OBEYED);
    expect(output()).not.toContain('secret');
    // Of a file that is renamed there are two names.
    expect(
      Math.max(
        ...output()
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThan(500);
  });

  it('are valid JSON of characters that can be seen, with --json', async () => {
    const [root, port] = [await hostileSite(), await hostileUpstream()];
    const proxy = `/proxied=http://127.0.0.1:${port}`;
    const command = runCommandIn({ cwd: root }, ...args, '--json', '--proxy', proxy);
    const lines = () => command.output().stdout.split('\n').slice(0, -1);
    await expect.poll(lines, soon).not.toEqual([]);
    const ready: unknown = JSON.parse(lines()[0] ?? '');
    expect(ready).toMatchObject({ type: 'ready', root });
    const { url }: { url?: string } = Object(ready);
    const texts = () =>
      lines()
        .map((line) => JSON.parse(line))
        .map(({ path = '', text = '' }) => `${decodeURI(path)} ${text}`)
        .join('\n')
        .replaceAll('\u001b', '\\u{1b}')
        .replaceAll('two\nlines', 'two\\u{a}lines');
    await attack(url ?? '', root, texts);
    expect(command.output().stdout).not.toMatch(OBEYED);
    expect(command.output().stdout).not.toContain('token=secret');
  });

  it.skipIf(!python)('are shown in a terminal without any sequence of theirs', async () => {
    const [root, port] = [await hostileSite(), await hostileUpstream()];
    const terminal = runInTerminal(
      { env: { NO_COLOR: '1' } },
      ...[root, ...args, '--proxy', `/proxied=http://127.0.0.1:${port}`],
    );
    const output = () => terminal.output().replaceAll('\r\n', '\n');
    // In 80 columns the middle of a path is left out.
    await attack(await terminal.url(), root, () => `${output()}longlong two\\u{a}lines a\\u{1b}`);
    await expect.poll(output, soon).toContain('owned');
    expect(output()).not.toMatch(OBEYED);
    expect(output()).not.toContain('secret');
  });
});

describe('Q3: what ends the start', () => {
  it.each([
    ['an argument', ['--port', `x${HOSTILE}`], {}, {}],
    ['an unknown flag', [`--${HOSTILE}`], {}, {}],
    ['a directory', [`none${HOSTILE}`], {}, {}],
    ['a config file', ['--config', `none${HOSTILE}.json`], {}, {}],
    ['a key', [], { 'dev-serve.config.json': JSON.stringify({ [HOSTILE]: 1 }) }, {}],
    ['an error', [], { 'dev-serve.config.mjs': `throw new Error(${JSON.stringify(HOSTILE)})` }, {}],
    ['a variable', [], {}, { DEV_SERVE_PORT: `x${HOSTILE}` }],
    ['a host', ['--allowed-host', HOSTILE], {}, {}],
  ])('is printed in characters that can be seen: %s', async (_name, args, files, env) => {
    const cwd = await temporarySite(files);
    // Printed twice: as a line of JSON, and as text.
    const command = runCommandIn({ cwd, env }, ...args, '--json');
    expect(await command.exit).toBe(1);
    const { stdout, stderr } = command.output();
    expect(stdout + stderr).not.toMatch(OBEYED);
    expect(stderr).toBe(`dev-serve: ${JSON.parse(stdout).text}\n`);
    expect(stderr).toMatch(/^dev-serve: [^\n]+\n$/);
  });
});
