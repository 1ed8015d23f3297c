import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { python } from '../support/peers/programs.ts';
import { temporarySite } from '../support/temporary-site.ts';
import { runInTerminal, type Terminal } from '../support/terminal.ts';

const site = () => temporarySite({ 'index.html': '<title>Hello</title>' });
const soon = { timeout: 20_000 };

/** The modules of the QR code that a terminal shows, row by row, `true` for dark. */
function modulesOf(terminal: Terminal): boolean[][] {
  const lines = terminal.output().split('\x1b[38;5;16;48;5;231m').slice(1);
  return lines
    .map((line) => line.split('\x1b')[0] ?? '')
    .flatMap((text) => [
      [...text].map((block) => block === '█' || block === '▀'),
      [...text].map((block) => block === '█' || block === '▄'),
    ]);
}

describe.skipIf(!python)('in a terminal', () => {
  it('prints in colours, a QR code of the network URL, and how to get help', async () => {
    const terminal = runInTerminal({}, await site(), '--port', '0', '--host');
    await terminal.url();
    expect(terminal.output()).toContain('\x1b[32mdev-serve\x1b[39m');
    const [, networkUrl = ''] = /Network: (\S+)/.exec(terminal.text()) ?? [];
    expect(networkUrl).toMatch(/^http:\/\/[\d.]+:\d+\/$/);
    const { data, size } = encode(networkUrl, { ecc: 'L', border: 4 });
    // The last line of half blocks has room for a row more than there is.
    expect(modulesOf(terminal).slice(0, size)).toEqual(data);
    expect(terminal.text()).toContain('Press h for the keys, q to stop');
    const widths = terminal
      .text()
      .split('\n')
      .map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(80);
  });

  it('prints no QR code for this machine alone, and none where it does not fit', async () => {
    const root = await site();
    const alone = runInTerminal({}, root, '--port', '0');
    const narrow = runInTerminal({ columns: 30 }, root, '--port', '0', '--host');
    await Promise.all([alone.url(), narrow.url()]);
    for (const terminal of [alone, narrow]) expect(modulesOf(terminal)).toEqual([]);
  });

  it('Q6: prints no colours with NO_COLOR; the QR code is then light on dark', async () => {
    const env = { NO_COLOR: '1' };
    const terminal = runInTerminal({ env }, await site(), '--port', '0', '--host');
    await terminal.url();
    expect(terminal.output()).not.toContain('\x1b');
    const [, networkUrl = ''] = /Network: (\S+)/.exec(terminal.text()) ?? [];
    const { data, size } = encode(networkUrl, { ecc: 'L', border: 4 });
    const lines = terminal
      .text()
      .split('\n')
      .filter((line) => /^ {2}[ █▀▄]{21,}$/.test(line));
    const modules = lines.flatMap((line) => [
      [...line.slice(2)].map((block) => block === ' ' || block === '▄'),
      [...line.slice(2)].map((block) => block === ' ' || block === '▀'),
    ]);
    expect(modules.slice(0, size)).toEqual(data);
  });

  // On a machine so busy that the new name is read after the grace of the old one, it is no rename.
  it('prints each change in one line that fits', { retry: 2 }, async () => {
    const root = await temporarySite({ 'a/deep/folder/with/a/rather/long/path/index.html': '' });
    const terminal = runInTerminal({ columns: 60 }, root, '--port', '0');
    await terminal.url();
    const folder = join(root, 'a/deep/folder/with/a/rather/long/path');
    await writeFile(join(folder, 'index.html'), 'new');
    const line = /^ {2}\d\d:\d\d:\d\d {2}write {3}\/a\/…\/long\/path\/index\.html +no tabs$/m;
    await expect.poll(terminal.text, soon).toMatch(line);
    await rename(join(folder, 'index.html'), join(folder, 'other.html'));
    await expect.poll(terminal.text, soon).toMatch(/ rename .* -> .*html +no tabs$/m);
    for (const each of terminal
      .text()
      .split('\n')
      .filter((text) => text.includes('no tabs'))) {
      expect(each.length).toBeLessThanOrEqual(60);
    }
  });
});

describe.skipIf(!python)('the keys', () => {
  it('list themselves, print the URLs, clear, and quit', async () => {
    const terminal = runInTerminal({}, await site(), '--port', '0');
    const url = await terminal.url();
    terminal.type('h');
    await expect.poll(terminal.text, soon).toMatch(/r {2}reload all pages\n.*o {2}open a browser/);
    terminal.type('?');
    await expect.poll(() => terminal.text().match(/clear the screen/g), soon).toHaveLength(2);
    terminal.type('U');
    await expect.poll(() => terminal.text().split(`Local:   ${url}`), soon).toHaveLength(3);
    terminal.type('c');
    await expect.poll(terminal.output, soon).toContain('\x1b[2J\x1b[3J\x1b[H');
    // Keys without a meaning, and the sequence of a key with an arrow.
    terminal.type('xyz\x1b[A\u00e9');
    terminal.type('q');
    expect(await terminal.ended()).toEqual({ ended: 0, canonical: true, echo: true });
    expect(terminal.text()).not.toContain('xyz');
  });

  it('r reloads all pages', async () => {
    const terminal = runInTerminal({}, await site(), '--port', '0');
    const url = await terminal.url();
    const response = await fetch(`${url}events`, { headers: { accept: 'text/event-stream' } });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let received = '';
    terminal.type('r');
    while (!received.includes('"type":"reload"')) received += (await reader?.read())?.value ?? '';
    const line = /\d\d:\d\d:\d\d {2}reload {2}all pages\n/;
    await expect.poll(terminal.text, soon).toMatch(line);
    await reader?.cancel();
  });

  it.each([
    ['\x03', 0],
    ['\x1c', 'SIGQUIT'],
  ])('%j still sends its signal, and the terminal is given back', async (key, ended) => {
    const terminal = runInTerminal({}, await site(), '--port', '0');
    await terminal.url();
    terminal.type(key);
    expect(await terminal.ended()).toEqual({ ended, canonical: true, echo: true });
  });

  it('Ctrl-Z gives the terminal back, and the keys work again after fg', async () => {
    const terminal = runInTerminal({}, await site(), '--port', '0');
    await terminal.url();
    terminal.type('\x1a');
    const stopped = { stopped: 'SIGTSTP', canonical: true, echo: true };
    await expect.poll(terminal.states, soon).toEqual([stopped]);
    // What is typed before it reads keys again is read as a line of the terminal.
    await expect
      .poll(
        () => {
          terminal.type('h');
          return terminal.text();
        },
        { ...soon, interval: 200 },
      )
      .toContain('reload all pages');
    terminal.type('q');
    expect(await terminal.ended()).toMatchObject({ ended: 0 });
  });

  it('are left alone by a job in the background, which goes on', async () => {
    const root = await site();
    const terminal = runInTerminal({ isBackground: true }, root, '--port', '0');
    const url = await terminal.url();
    expect(terminal.text()).toContain('Ctrl-C to stop');
    await writeFile(join(root, 'index.html'), 'new');
    await expect.poll(terminal.text, soon).toContain('no tabs');
    expect((await fetch(url)).status).toBe(200);
    expect(terminal.states()).toEqual([]);
  });

  it('are given back when the server cannot start', async () => {
    const terminal = runInTerminal({}, 'no-such-directory');
    expect(await terminal.ended()).toEqual({ ended: 1, canonical: true, echo: true });
    expect(terminal.text()).toBe('dev-serve: No such directory: no-such-directory\n');
  });
});
