import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDevServer } from '../../server/create-dev-server.ts';
import { watchForTabs } from '../../server/returning-tabs.ts';
import { hasChromium, soon, useChromium, useWholeChromium } from '../support/chromium.ts';
import { runCommand } from '../support/command-line.ts';
import { temporarySite } from '../support/temporary-site.ts';

const chromium = useChromium();
/** Only this one has windows to close. */
const wholeChromium = useWholeChromium();

/** Goes there, and waits until the server knows of the tab. */
async function visit(tab: Page, url: string): Promise<void> {
  await Promise.all([tab.waitForResponse('**/@dev-serve/report'), tab.goto(url)]);
}

describe.skipIf(!hasChromium)('the terminal', () => {
  it('tells how many tabs a change reached, what they did and how long it took', async () => {
    const root = await temporarySite({
      'index.html': '<!doctype html><link rel="stylesheet" href="/a.css"><p>one',
      'other.html': '<!doctype html><p>two',
      'a.css': 'p { color: red }',
    });
    const command = runCommand(root, '--port', '0');
    const url = await command.url();
    const context = await wholeChromium.newContext();
    const [first, second] = [await context.newPage(), await context.newPage()];
    await visit(first, url);
    const line = (text: RegExp) => expect.poll(() => command.output().stdout, soon).toMatch(text);

    await writeFile(join(root, 'a.css'), 'p { color: blue }');
    await line(/write {3}\/a\.css +1 tab: swapped, \d+ ms \(\d+ to send\)\n/);
    await visit(second, `${url}other.html`);
    await writeFile(join(root, 'other.html'), '<!doctype html><p>three');
    await line(
      /write {3}\/other\.html +2 tabs: 1 reloaded, 1 unaffected, \d+ ms \(\d+ to send\)\n/,
    );
    await context.close();
    await rm(join(root, 'a.css'));
    await line(/remove {2}\/a\.css +no tabs\n/);
  });

  it('knows a tab from other programs that read events', async () => {
    const root = await temporarySite({ 'index.html': '<!doctype html><p>one' });
    const server = await createDevServer({ root, port: 0 });
    onTestFinished(() => server.close());
    const hasTab = watchForTabs(server.app.server, '/events');
    const url = await server.listen();
    const program = await fetch(`${url}events`, { headers: { accept: 'text/event-stream' } });
    expect([program.status, hasTab()]).toEqual([200, false]);
    const context = await chromium.newContext();
    const tab = await context.newPage();
    await tab.goto(url);
    await expect.poll(hasTab, soon).toBe(true);
  });
});
