import { describe, expect, it } from 'vitest';
import type { Notice } from '../../plugins/dev-serve.ts';
import { tableRows } from '../support/docs/blocks.ts';
import { dataOf, listen } from '../support/docs/listen.ts';
import { type Runner, runBlocks } from '../support/docs/run-blocks.ts';

const DOCUMENT = 'docs/live-reload.md';
const soon = { timeout: 20_000 };

const program: Runner = async (block, project) => {
  const server = await project.program(block.text);
  await project.answers(server);
  expect(server.output).toContain(`${project.url}/`);
  expect(await project.page()).toContain('<script src="/@dev-serve/client.js"');
  const time = await fetch(`${project.url}/api/time`);
  expect(await time.json()).toEqual({ now: expect.stringMatching(/^\d{4}-/) });
};

const app: Runner = async (block, project) => {
  const server = await project.app(block.text);
  await project.answers(server);
  expect(await project.page()).toMatch(/<script src="\/@dev-serve.*<h1>Hello<\/h1>/s);
  const events = listen(`${project.url}/events`);
  await expect.poll(() => events, soon).toHaveLength(1);
  await project.write('views/home.html', '<!doctype html><p>new');
  const change = expect.objectContaining({ operation: 'write', path: '/views/home.html' });
  await expect.poll(() => dataOf(events), soon).toEqual([change]);
  expect(await project.page()).toContain('<p>new');
};

/** The tag is the same but for what is of the moment. */
const tag: Runner = async (block, project) => {
  const server = project.command('npx dev-serve ./site');
  await project.answers(server);
  const shape = (text: string) =>
    text.replace(/(?<=build=")\d{13}|(?<=cursor=")[0-9a-z]+-\d+/g, '*');
  expect(await project.page()).toMatch(/<head>\s*<script src=[^<]*<\/script>/);
  const found = /<script src="\/@dev-serve[^<]*<\/script>/.exec(await project.page());
  expect(shape(found?.[0] ?? '')).toBe(shape(block.text.trim()));
};

/** That it is enough for a browser is tested in test/browser; here, that the tag meets it. */
const policy: Runner = async (block, project) => {
  const [name = '', value = ''] = block.text.trim().split(': ');
  const server = await project.app(`
    import devServe from 'dev-serve';
    await app.register(devServe, { root: 'public' });
    app.get('/', (_, reply) => reply
      .header('${name}', \`${value}\`).type('text/html').send('<!doctype html><p>one'));
  `);
  await project.answers(server);
  const response = await fetch(project.url, { headers: { accept: 'text/html' } });
  expect(response.headers.get('content-security-policy')).toBe(value);
  expect(await response.text()).toMatch(/^<!doctype html><script src="\/[^>]+><\/script><p>one/);
};

const reload: Runner = async (block, project) => {
  await project.answers(await project.app(block.text));
  const events = listen(`${project.url}/events`);
  await expect.poll(() => events, soon).toHaveLength(1);
  const response = await fetch(`${project.url}/built`, { method: 'POST' });
  expect(await response.json()).toEqual({ tabs: 0 });
  const message = { type: 'reload', timestamp: expect.any(Number) };
  await expect.poll(() => dataOf(events), soon).toEqual([message]);
};

const outcome: Runner = async (block, project) => {
  const server = await project.program(block.text);
  await project.answers(server);
  await project.write('site/css/site.css', 'body { color: green }');
  const line = '/css/site.css: 0 tabs, 0 swapped, undefined ms\n';
  await expect.poll(() => server.output, soon).toBe(line);
};

/** The policy that the line is about, on a page at the path that it names. */
const hindrance: Runner = async (block, project) => {
  const [, path, policy] = /^(\S+) .*"(.*)"/.exec(block.text) ?? [];
  const server = await project.program(`
    import devServe from 'dev-serve';
    await app.register(devServe, { root: 'public', onNotice: ({ text }) => console.log(text) });
    app.get('${path}', (_, reply) => reply
      .header('content-security-policy', \`${policy}\`).type('text/html').send('<p>one'));
  `);
  await project.answers(server);
  await project.page(path);
  await project.page(path);
  await expect.poll(() => server.output, soon).toBe(block.text);
};

runBlocks(DOCUMENT, { program, app, tag, reload, outcome, policy, hindrance });

describe(`the tables in ${DOCUMENT}`, () => {
  it('name each kind of notice', () => {
    const kinds: Record<Notice['kind'], true> = {
      'no-reload': true,
      'script-error': true,
      'failed-request': true,
      watching: true,
      upstream: true,
      certificate: true,
      webhook: true,
      'failed-route': true,
      limit: true,
    };
    expect(tableRows(DOCUMENT, 'kind')).toEqual(Object.keys(kinds));
  });
});
