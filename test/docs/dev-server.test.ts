import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startBackend } from '../support/docs/backend.ts';
import { blocksOf, tableRows } from '../support/docs/blocks.ts';
import { followFolder, startServer } from '../support/docs/follow-folder.ts';
import { dataOf, listen } from '../support/docs/listen.ts';
import { type Runner, runBlocks } from '../support/docs/run-blocks.ts';
import { certificate, https } from '../support/docs/secure-server.ts';
import { config, lines, printConfig, printedConfig, unknownKey } from '../support/docs/settings.ts';

const DOCUMENT = 'docs/dev-server.md';
/** An event as docs/file-events.md has it, where it is compared with a real one. */
const FORMAT = JSON.parse(
  blocksOf('docs/file-events.md').find(({ name }) => name === 'format')?.text ?? '{}',
);
const soon = { timeout: 20_000 };

const folder: Runner = (block, project) => followFolder(block.text, project, 'site');

const mount: Runner = async (block, project) => {
  const server = await startServer(block.text, project);
  const response = await fetch(`${project.url}/lib/a.css`);
  expect(await response.text()).toBe('body {}');
  await project.write('public/a.css', 'body { color: green }');
  await expect.poll(() => server.output, soon).toContain('write   /lib/a.css');
};

const headers: Runner = async (block, project) => {
  await project.answers(await project.program(block.text));
  const origin = 'https://app.example.com';
  const response = await fetch(`${project.url}/a.css`, { headers: { origin } });
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'service-worker-allowed': '/',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'access-control-allow-origin': origin,
  });
};

const globs: Runner = async (block, project) => {
  await project.write('site/drafts/one.html', 'one');
  const server = await startServer(block.text, project);
  for (const path of ['drafts/one.html', 'site.js.map', 'build.log', 'css/site.css']) {
    await project.write(`site/${path}`, 'new');
  }
  await expect.poll(() => server.output, soon).toContain('write   /css/site.css');
  expect(server.output).not.toMatch(/drafts\/one|\.map|\.log/);
};

const proxy: Runner = async (block, project) => {
  const backend = await startBackend('<!doctype html><title>backend</title>');
  await startServer(block.text.replace('8000', `${backend.port}`), project);
  expect(await project.page('/some/page')).toMatch(/<script src="\/@dev-serve.*<title>backend/);
  expect(backend.asked.at(-1)?.headers.host).toBe(`localhost:${project.port}`);
  const events = listen(`${project.url}/events`);
  await expect.poll(() => events, soon).toHaveLength(1);
  await project.write('views/home.html', 'other');
  await expect.poll(() => dataOf(events), soon).toHaveLength(1);
};

const proxyPaths: Runner = async (block, project) => {
  const [api, auth] = [await startBackend('api'), await startBackend('auth')];
  const line = block.text.replace('8000', `${api.port}`).replace('9000', `${auth.port}`);
  await startServer(line, project);
  const text = async (path: string) => (await fetch(project.url + path)).text();
  expect([await text('/api/users'), api.asked[0]?.url]).toEqual(['api', '/api/users']);
  expect([await text('/auth/login'), auth.asked[0]?.url]).toEqual(['auth', '/login']);
  expect(await project.page()).toContain('<script src="/@dev-serve/client.js"');
};

const json: Runner = async (block, project) => {
  const server = project.installed(block.text);
  const events = () =>
    server.output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  await expect.poll(() => events().at(0)?.type, soon).toBe('ready');
  await project.write('site/css/site.css', 'body { color: green }');
  await expect.poll(() => events().at(-1)?.type, soon).toBe('outcome');
  await server.kill();
  expect(events().map(({ type }) => type)).toEqual(['ready', 'change', 'outcome', 'close']);
  const fields = tableRows(DOCUMENT, 'type', 2);
  for (const [index, type] of tableRows(DOCUMENT, 'type').entries()) {
    const told = events().find((event) => event.type === type) ?? {};
    const named = type === 'outcome' ? `${fields[index]} ${fields[1]}` : fields[index];
    for (const field of Object.keys(told).slice(1)) expect(named).toContain(field);
  }
};

const health: Runner = async (block, project) => {
  await startServer('npx dev-serve ./site', project);
  const response = await fetch(`${project.url}/@dev-serve/health`);
  const expected = { ...JSON.parse(block.text), uptime: expect.any(Number), tabs: 0, streams: 0 };
  expect(await response.json()).toEqual(expected);
};

const webhook: Runner = async (block, project) => {
  const receiver = await startBackend();
  await startServer(block.text.replace('8000', `${receiver.port}`), project);
  await project.write('site/css/site.css', 'body { color: green }');
  await expect.poll(() => receiver.asked, soon).toHaveLength(1);
  const [told] = receiver.asked;
  expect(told).toMatchObject({
    method: 'POST',
    url: '/changed',
    headers: { 'x-site': 'blog', 'content-type': 'application/json' },
  });
  expect(JSON.parse(told?.body ?? '')).toEqual({ ...FORMAT, timestamp: expect.any(Number) });
};

const webhookBody: Runner = async (block) => expect(JSON.parse(block.text)).toEqual(FORMAT);

runBlocks(DOCUMENT, {
  folder,
  mount,
  headers,
  globs,
  proxy,
  'proxy paths': proxyPaths,
  https,
  certificate,
  lines,
  'print-config': printConfig,
  'printed config': printedConfig,
  config,
  'unknown key': unknownKey,
  json,
  health,
  webhook,
  'webhook body': webhookBody,
});

describe(`the tables in ${DOCUMENT}`, () => {
  it('name each key, in the words of the terminal', () => {
    const does = tableRows(DOCUMENT, 'key', 1);
    const written = tableRows(DOCUMENT, 'key').map((key, index) => `'${key}  ${does[index]}',`);
    const source = readFileSync('server/cli/key-actions.ts', 'utf8');
    const [, list = ''] = /const HELP = \[\s*(.*?)\s*\];/s.exec(source) ?? [];
    expect(list.split(/\n\s*/)).toEqual(written);
  });

  it('name each type of line', () => {
    const source = readFileSync('server/cli/desk-event.ts', 'utf8');
    const types = [...source.matchAll(/readonly type: '(\w+)'/g)].map(([, type]) => type);
    expect(tableRows(DOCUMENT, 'type')).toEqual(types);
  });
});
