import { EventEmitter } from 'node:events';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openUnlessTab } from '../../server/open-browser.ts';
import { watchForTabs } from '../../server/returning-tabs.ts';
import { type CommandLine, runCommandIn } from '../support/command-line.ts';
import { temporarySite } from '../support/temporary-site.ts';

interface Browser {
  /** What it was started with; empty while it was not. */
  opened(): Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A program in the place of a browser, which writes down its arguments. */
async function browser(script = 'printf "%s\\n" "$@" >> "$0.log"'): Promise<Browser> {
  const directory = await temporarySite({ browser: `#!/bin/sh\n${script}\n` });
  const path = join(directory, 'browser');
  await chmod(path, 0o755);
  return {
    opened: () => readFile(`${path}.log`, 'utf8').catch(() => ''),
    // Without a desktop, this variable is what xdg-open goes by.
    env: { BROWSER: path, DISPLAY: undefined, WAYLAND_DISPLAY: undefined, XDG_CURRENT_DESKTOP: '' },
  };
}

async function start(env: Browser['env'], ...args: readonly string[]): Promise<CommandLine> {
  const root = await temporarySite({ 'index.html': '<p>' });
  return runCommandIn({ env }, root, '--port', '0', ...args);
}

const soon = { timeout: 20_000 };

describe.runIf(process.platform === 'linux')('--open', () => {
  it('opens a browser once the server listens', async () => {
    const { opened, env } = await browser();
    const command = await start(env, '--open');
    const url = await command.url();
    await expect.poll(opened, soon).toBe(`${url}\n`);
  });

  it('opens the path that is named, and no shell reads it', async () => {
    const { opened, env } = await browser();
    const command = await start(env, '--open', '/a b/$(touch x)?q=1;ls#end');
    const url = await command.url();
    await expect.poll(opened, soon).toBe(`${url}a%20b/$(touch%20x)?q=1;ls#end\n`);
  });

  it('says in one line that there is no browser, and goes on', async () => {
    const { env } = await browser('exit 3');
    const command = await start(env, '--open');
    const url = await command.url();
    const line = `dev-serve: No browser could be opened: open ${url} yourself\n`;
    await expect.poll(() => command.output().stderr, soon).toBe(line);
    expect((await fetch(url)).status).toBe(200);
  });

  // The tab has a second to come back, which a busy machine may take for itself.
  it('stays shut when a tab of the run before comes back', { retry: 3 }, async () => {
    const { opened, env } = await browser();
    const command = await start(env, '--open', '--verbose');
    const url = await command.url();
    const tab = await fetch(`${url}events`, {
      headers: {
        accept: 'text/event-stream',
        'sec-fetch-mode': 'cors',
        'sec-fetch-site': 'same-origin',
      },
    });
    expect(tab.status).toBe(200);
    await expect.poll(() => command.output().stdout, soon).toContain('A tab is open already');
    expect(await opened()).toBe('');
  });
});

describe('a tab that comes back', () => {
  const event = 'request';

  it('asks for events as only a browser does', async () => {
    const server = new EventEmitter();
    const answer = () => {};
    server.on('upgrade', answer);
    const hasTab = watchForTabs(server, '/events');
    const browser = { 'sec-fetch-site': 'same-origin' };
    server.emit(event, { url: '/events', headers: { 'sec-fetch-mode': 'cors' } });
    server.emit(event, { url: '/events/other', headers: browser });
    server.emit(event, { url: '/', headers: browser });
    expect(hasTab()).toBe(false);
    server.emit('upgrade', { url: '/events/ws?a', headers: { origin: 'http://localhost' } });
    expect(hasTab()).toBe(true);
    expect([server.listeners('request'), server.listeners('upgrade')]).toEqual([[], [answer]]);
  });

  it('is not listened for where nobody answers an upgrade', () => {
    const server = new EventEmitter();
    watchForTabs(server, '/events');
    expect(server.listenerCount('upgrade')).toBe(0);
  });

  it('is waited for no longer than until it is there', async () => {
    const failures: string[] = [];
    const hasTab = vi.fn(() => hasTab.mock.calls.length === 3);
    const isOpened = await openUnlessTab('http://127.0.0.1:1/', hasTab, (text) =>
      failures.push(text),
    );
    expect(isOpened).toBe(false);
    expect(hasTab).toHaveBeenCalledTimes(3);
    expect(failures).toEqual([]);
  });
});
