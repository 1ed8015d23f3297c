import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wantsJson } from '../../server/cli/wants-json.ts';
import { type CommandLine, runCommand, runCommandIn } from '../support/command-line.ts';
import { temporarySite } from '../support/temporary-site.ts';

const site = () => temporarySite({ 'index.html': '<title>Hello</title>' });

const soon = { timeout: 20_000 };

/** The lines of JSON that are printed so far. */
function events(command: CommandLine): Record<string, unknown>[] {
  const lines = command.output().stdout.split('\n').slice(0, -1);
  return lines.map((line): Record<string, unknown> => JSON.parse(line));
}

const ofType = (command: CommandLine, type: string) =>
  events(command).filter((event) => event.type === type);

describe('--json', () => {
  // On a machine so busy that the new name is read after the grace of the old one, it is no rename.
  it('prints a line for each event, from the start to the end', { retry: 2 }, async () => {
    const root = await site();
    const command = runCommand(root, '--port', '0', '--json', '--mount', `/lib=${root}`);
    await expect.poll(() => ofType(command, 'ready'), soon).toHaveLength(1);
    const [ready] = events(command);
    expect(ready).toEqual({
      type: 'ready',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      url: expect.stringMatching(/^http:\/\/localhost:\d+\/$/),
      networkUrls: [],
      root,
      isServed: true,
      eventsUrl: `${ready?.url}events`,
      mounts: { '/lib': root },
      proxies: {},
      startTime: expect.any(Number),
      warnings: [],
    });

    await writeFile(join(root, 'index.html'), 'new');
    const change = { path: '/index.html', operation: 'write', timestamp: expect.any(Number) };
    await expect
      .poll(() => ofType(command, 'outcome'), soon)
      .toContainEqual({
        ...{ type: 'outcome', ...change, tabs: 0, sent: expect.any(Number), duration: null },
        acts: { swap: 0, reload: 0, none: 0 },
      });
    expect(ofType(command, 'change')).toContainEqual({ type: 'change', ...change });

    await rename(join(root, 'index.html'), join(root, 'new.html'));
    const renamed = expect.objectContaining({ from: '/index.html', path: '/new.html' });
    await expect.poll(() => ofType(command, 'change'), soon).toContainEqual(renamed);

    command.process.kill('SIGTERM');
    expect(await command.exit).toBe(0);
    expect(events(command).at(-1)).toEqual({ type: 'close' });
    expect(command.output().stderr).toBe('');
  });

  it('prints what ends it as a line, and as text for people', async () => {
    const command = runCommand('no-such', '--json');
    expect(await command.exit).toBe(1);
    const text = 'No such directory: no-such';
    expect(events(command)).toEqual([{ type: 'error', text }]);
    expect(command.output().stderr).toBe(`dev-serve: ${text}\n`);
  });

  it.each([
    ['a bad flag', ['--json', '--prot'], "unknown option '--prot' (Did you mean --port?)"],
    ['a bad value', ['--port', 'x', '--json'], "option '-p, --port <number>' argument 'x' is"],
    ['a config file that is none', ['--json', '--config', 'none.json'], 'none.json: no such file'],
  ])('prints %s as a line, and as text for people', async (_name, args, text) => {
    const command = runCommand(...args);
    expect(await command.exit).toBe(1);
    const [line, ...others] = events(command);
    expect(line).toEqual({ type: 'error', text: expect.stringContaining(text) });
    expect(others).toEqual([]);
    expect(command.output().stderr).toBe(`dev-serve: ${line?.text}\n`);
  });

  it('is known by its variable as well, and by the last flag', () => {
    expect(wantsJson([], { DEV_SERVE_JSON: '1' })).toBe(true);
    expect(wantsJson(['--no-json'], { DEV_SERVE_JSON: '1' })).toBe(false);
    expect(wantsJson(['--no-json', '--json'], {})).toBe(true);
    expect(wantsJson(['--', '--json'], {})).toBe(false);
  });
});

describe('--quiet', () => {
  it('prints nothing while there is no trouble', async () => {
    const root = await site();
    const marker = join(await temporarySite({}), 'seen');
    const config = `import { writeFileSync } from 'node:fs';
      export default {
        onNotice() {},
        onOutcome: ({ event }) => writeFileSync(${JSON.stringify(marker)}, event.path),
      };`;
    const cwd = await temporarySite({ 'dev-serve.config.mjs': config });
    const command = runCommandIn({ cwd }, root, '--port', '0', '--quiet');
    await expect
      .poll(
        async () => {
          // It is not known when it has begun to watch: it says nothing.
          await writeFile(join(root, 'index.html'), `${Math.random()}`);
          return existsSync(marker);
        },
        { timeout: 20_000, interval: 200 },
      )
      .toBe(true);
    command.process.kill('SIGTERM');
    expect(await command.exit).toBe(0);
    expect(command.output()).toEqual({ stdout: '', stderr: '' });
  });

  it('prints warnings, and which port it has if that is another one', async () => {
    const root = await site();
    const first = runCommand(root, '--port', '0');
    const { port } = new URL(await first.url());
    const command = runCommand(root, '-q', '--port', port, '--allowed-origin', '*');
    await expect.poll(() => command.output().stderr, soon).toContain('--allowed-origin *');
    expect(command.output().stderr).toContain(`Port ${port} is taken: using `);
    expect(command.output().stdout).toBe('');
  });
});

describe('the log of the server', () => {
  it('--verbose prints each request', async () => {
    const command = runCommand(await site(), '--port', '0', '--verbose');
    const url = await command.url();
    await fetch(url);
    await fetch(`${url}none`);
    await expect.poll(() => command.output().stdout, soon).toMatch(/GET \/ 200, \d+ ms\n/);
    await expect.poll(() => command.output().stdout, soon).toMatch(/GET \/none 404, \d+ ms\n/);
    expect(command.output().stderr).toBe('');
  });

  it('prints what was refused, without --verbose too, but no request', async () => {
    const command = runCommand(await site(), '--port', '0');
    const url = await command.url();
    await fetch(`${url}events`, { headers: { origin: 'http://evil.test' } });
    await expect.poll(() => command.output().stderr, soon).toMatch(/warning {2}.*evil\.test/);
    expect(command.output().stdout).not.toContain('GET');
  });
});

it('the directories and servers beside the first are named', async () => {
  const root = await site();
  const lib = await site();
  await rm(join(lib, 'index.html'));
  const upstream = '/api=http://me:secret@127.0.0.1:9';
  const command = runCommand(root, '--port', '0', '--mount', `/lib=${lib}`, '--proxy', upstream);
  await command.url();
  const { stdout } = command.output();
  expect(stdout).toContain(`  Serving: ${root}\n  Mount:   /lib -> ${lib}\n`);
  expect(stdout).toContain('  Proxy:   /api -> http://127.0.0.1:9\n');
});
