import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileEvent } from '../../plugins/dev-serve.ts';
import { hasChromium, useChromium } from '../support/chromium.ts';
import { tableRows } from '../support/docs/blocks.ts';
import { startServer } from '../support/docs/follow-folder.ts';
import { dataOf, listen } from '../support/docs/listen.ts';
import type { Project } from '../support/docs/project.ts';
import { needs, type Runner, runBlocks } from '../support/docs/run-blocks.ts';
import { curl as curlPath, python } from '../support/peers/programs.ts';

const DOCUMENT = 'docs/file-events.md';
const soon = { timeout: 20_000 };
const chromium = hasChromium ? useChromium() : undefined;

const serve = (project: Project, line = 'npx dev-serve ./site') => startServer(line, project);

const editCss = (project: Project) => project.write('site/css/site.css', `/* ${Math.random()} */`);

/** What differs from run to run, made equal. */
const shape = (text: string) =>
  text.replace(/"timestamp":\d{13}/, '"timestamp":0').replace(/\b[0-9a-z]{6,}-\d+/, 'id');

const format: Runner = async (block, project) => {
  await serve(project);
  const events = listen(`${project.url}/events`);
  await expect.poll(() => events, soon).toHaveLength(1);
  await editCss(project);
  await expect.poll(() => shape(events[1]?.data ?? ''), soon).toBe(shape(block.text.trim()));
};

const reload: Runner = async (block, project) => {
  const program = await project.app(`
    import devServe from 'dev-serve';
    await app.register(devServe, { root: 'public' });
    app.post('/', async () => app.devServe.reload());
  `);
  await project.answers(program);
  const events = listen(`${project.url}/events`);
  await expect.poll(() => events, soon).toHaveLength(1);
  await fetch(project.url, { method: 'POST' });
  await expect.poll(() => shape(events[1]?.data ?? ''), soon).toBe(shape(block.text.trim()));
};

const server: Runner = async (block, project) => {
  const running = await serve(project, block.text);
  await editCss(project);
  await expect.poll(() => running.output, soon).toContain('write   /css/site.css');
};

const curl: Runner = async (block, project) => {
  await serve(project);
  const client = project.command(block.text);
  await expect.poll(() => client.output, soon).toContain('dev-serve:position');
  await editCss(project);
  await expect.poll(() => client.output, soon).toContain('"path":"/css/site.css"');
};

const curlOutput: Runner = async (block, project) => {
  await serve(project);
  const client = project.command(`curl -sN ${project.url}/events`);
  await expect.poll(() => client.output, soon).toContain('dev-serve:position');
  await editCss(project);
  const last = () => shape(client.output.trim().split('\n\n').at(-1) ?? '');
  await expect.poll(last, soon).toBe(shape(block.text.trim()));
};

const resume: Runner = async (block, project) => {
  await serve(project);
  const events = listen(`${project.url}/events`);
  await expect.poll(() => events, soon).toHaveLength(1);
  await editCss(project);
  await expect.poll(() => events, soon).toHaveLength(2);
  const first = events[1]?.id ?? '';
  await project.write('site/site.js', '// new');
  await expect.poll(() => events, soon).toHaveLength(3);
  const client = project.command(block.text.replace('k3v9x2ab-1', first));
  await expect.poll(() => client.output, soon).toContain('"path":"/site.js"');
  expect(client.output).toContain('"recovered":true');
  expect(client.output).not.toContain('/css/site.css');
};

/** Puts the block on a page of the site, and reads the console while a file changes. */
const inBrowser: Runner = async (block, project) => {
  await project.write('site/events.html', `<!doctype html>${block.text}`);
  await project.write('site/own/file.txt', '');
  const running = await serve(project);
  const page = await chromium?.newContext().then((context) => context.newPage());
  const lines: string[] = [];
  page?.on('console', (message) => lines.push(message.text()));
  await page?.goto(`${project.url}/events.html`);
  // The page does not reload for a change of permissions alone, so the console goes on.
  let mode = 0o600;
  const edit = async () => {
    mode ^= 0o044;
    await chmod(join(project.root, 'site/own/file.txt'), mode);
    return lines;
  };
  const often = { ...soon, interval: 200 };
  if (page) await expect.poll(edit, often).toContain('chmod /own/file.txt');
  await page?.close();
  await running.kill();
};

const pythonClient: Runner = async (block, project) => {
  await serve(project);
  const listing = block.text.replaceAll('3000', String(project.port));
  await project.write('client.py', listing);
  const client = project.command(`${python} client.py`);
  const edit = async () => {
    await editCss(project);
    return client.output.split('\n')[0];
  };
  await expect.poll(edit, soon).toBe('write /css/site.css');
};

/** A program that prints each change. */
const printing: Runner = async (block, project) => {
  const program = await project.program(block.text);
  await project.answers(program);
  await project.write('site/new file.txt', '');
  await expect.poll(() => program.output, soon).toContain('create /new%20file.txt');
};

const flags: Runner = async (block, project) => {
  await serve(project, block.text);
  const events = listen(`${project.url}/changes`);
  await expect.poll(() => events, soon).toHaveLength(1);
  await editCss(project);
  await expect.poll(() => dataOf(events), soon).toHaveLength(1);
  const ask = async (origin: string) => {
    const headers = { origin, accept: 'text/event-stream' };
    const { status, headers: answer } = await fetch(`${project.url}/changes`, {
      method: 'HEAD',
      headers,
    });
    return [status, answer.get('access-control-allow-origin')];
  };
  expect(await ask('http://localhost:5173')).toEqual([200, 'http://localhost:5173']);
  expect(await ask('http://example.com')).toEqual([403, null]);
  const upgrade = project.command(
    "curl -s -m 5 -o upgrade.txt -w '%{http_code}' -H 'Connection: Upgrade' " +
      "-H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' " +
      `-H 'Sec-WebSocket-Key: x3JJHMbDL1EzLjh9yCRShw==' ${project.url}/changes/ws`,
  );
  await upgrade.ended();
  expect(upgrade.output).toBe('404');
};

runBlocks(DOCUMENT, {
  format,
  reload,
  serve: server,
  curl: needs(curlPath, curl),
  'curl output': needs(curlPath, curlOutput),
  resume: needs(curlPath, resume),
  sse: needs(chromium, inBrowser),
  websocket: needs(chromium, inBrowser),
  python: needs(python, pythonClient),
  node: printing,
  watch: printing,
  flags: needs(curlPath, flags),
});

describe(`the tables in ${DOCUMENT}`, () => {
  it('name each field of an event', () => {
    const example: Required<FileEvent> = {
      type: 'event',
      timestamp: 0,
      path: '/',
      operation: 'rename',
      from: '/',
    };
    expect(tableRows(DOCUMENT, 'field')).toEqual(Object.keys(example));
  });
});
