import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { countLoads, hasChromium, quietWindow, soon, useChromium } from '../support/chromium.ts';
import { freePort } from '../support/free-port.ts';
import { ProcessGroup } from '../support/process-group.ts';

describe.skipIf(!hasChromium)('the example fastify-app under node --watch', () => {
  const chromium = useChromium();

  /** The example in a folder of its own, with a tab on it. */
  async function open() {
    const root = await mkdtemp(join(tmpdir(), 'dev-serve-example-'));
    onTestFinished(() => rm(root, { recursive: true, force: true }));
    await cp('examples/fastify-app', root, { recursive: true });
    await writeFile(join(root, 'package.json'), '{ "type": "module" }');
    await mkdir(join(root, 'node_modules'));
    await symlink(resolve('.'), join(root, 'node_modules/dev-serve'), 'dir');
    await symlink(resolve('node_modules/fastify'), join(root, 'node_modules/fastify'), 'dir');
    const server = new ProcessGroup(process.execPath, ['--watch', 'server.js'], {
      cwd: root,
      env: { PORT: String(await freePort()) },
    });
    onTestFinished(() => server.kill());
    const address = () => /http:\/\/\S+/.exec(server.output)?.[0];
    await expect.poll(address, soon).toBeDefined();
    const tab = await (await chromium.newContext()).newPage();
    await tab.goto(address() ?? '');
    await tab.fill('input', 'kept');
    const edit = async (path: string, from: string, to: string): Promise<void> => {
      const text = await readFile(join(root, path), 'utf8');
      expect(text).toContain(from);
      await writeFile(join(root, path), text.replace(from, to));
    };
    return { tab, count: countLoads(tab), edit };
  }

  it('shows the template with its values and what the API says', async () => {
    const { tab } = await open();
    expect(await tab.textContent('h1')).toBe('Hello');
    await expect.poll(() => tab.textContent('time'), soon).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it('swaps an edited stylesheet', async () => {
    const { tab, count, edit } = await open();
    await edit('public/app.css', 'rgb(0, 90, 160)', 'rgb(1, 2, 3)');
    const color = () => tab.evaluate("getComputedStyle(document.querySelector('h1')).color");
    await expect.poll(color, soon).toBe('rgb(1, 2, 3)');
    expect(await tab.inputValue('input')).toBe('kept');
    expect(count.loads).toBe(0);
  });

  it('reloads for an edited template', async () => {
    const { tab, count, edit } = await open();
    await edit('views/home.html', '{{greeting}}', '{{greeting}} again');
    await expect.poll(() => tab.textContent('h1'), soon).toBe('Hello again');
    await quietWindow();
    expect(count.loads).toBe(1);
  });

  it('follows by itself when its own code was edited, and goes on following', async () => {
    const { tab, count, edit } = await open();
    await edit('server.js', "'Hello'", "'Good evening'");
    await expect.poll(() => tab.textContent('h1'), soon).toBe('Good evening');
    await quietWindow();
    expect(count.loads).toBe(1);
    await edit('views/home.html', '{{greeting}}', '{{greeting}} again');
    await expect.poll(() => tab.textContent('h1'), soon).toBe('Good evening again');
  });
});
