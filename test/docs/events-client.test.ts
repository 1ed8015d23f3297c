import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, useChromium } from '../support/chromium.ts';
import { tableRows } from '../support/docs/blocks.ts';
import { dataOf, listen } from '../support/docs/listen.ts';
import { membersOf } from '../support/docs/members.ts';
import { post, visitPage } from '../support/docs/news.ts';
import type { Project } from '../support/docs/project.ts';
import { needs, type Runner, runBlocks } from '../support/docs/run-blocks.ts';
import { typeCheck } from '../support/docs/type-check.ts';
import { openWebSocket } from '../support/event-reader.ts';

const DOCUMENT = 'docs/events-client.md';
const SOURCE = 'client/events/events.ts';
const soon = { timeout: 20_000 };
const chromium = hasChromium ? useChromium() : undefined;

/** What a bundler makes of a module, as a page. */
async function bundled(text: string, project: Project): Promise<string> {
  const stdin = { contents: text, resolveDir: project.root };
  const options = { bundle: true, format: 'esm', write: false } as const;
  const { outputFiles } = await build({ stdin, ...options });
  return `<script type="module">${outputFiles[0]?.text}</script>`;
}

async function visit(
  project: Project,
  html: string,
  look: (page: Page) => Promise<void>,
  more?: string,
) {
  if (chromium) await visitPage(chromium, project, html, look, more);
}

const connect: Runner = async (block, project) => {
  await visit(project, await bundled(block.text, project), async (page) => {
    const lines: string[] = [];
    page.on('console', (message) => lines.push(message.text()));
    await page.goto(project.url);
    let id: unknown;
    const said = async () => {
      ({ id } = await post(project, '/news', { title: 'one' }));
      return lines.at(-1);
    };
    await expect.poll(said, soon).toMatch(/^one [0-9a-z]+-\d+$/);
    await expect.poll(() => lines.at(-1), soon).toBe(`one ${id}`);
  });
};

const server: Runner = async (block, project) => {
  const text = `import Fastify from 'fastify';
    const app = Fastify();
    ${block.text}
    app.post('/', async ({ body }) => ({ id: await app.channel('news').publish({ data: body }) }));`;
  await project.answers(await project.app(text));
  const readers = [listen(`${project.url}/news`), listen(`${project.url}/news`, '', openWebSocket)];
  for (const events of readers) await expect.poll(() => events, soon).toHaveLength(1);
  await post(project, '/', { title: 'one' });
  for (const events of readers) {
    await expect.poll(() => dataOf(events), soon).toEqual([{ title: 'one' }]);
  }
};

const serveTheClient: Runner = async (block, project) => {
  await project.answers(await project.app(block.text));
  const response = await fetch(`${project.url}/client.js`);
  expect(response.headers.get('content-type')).toContain('text/javascript');
  expect(await response.text()).toMatch(/export ?{.*connect/);
};

const SERVE_CLIENT = `
  import { readFileSync } from 'node:fs';
  import { fileURLToPath } from 'node:url';
  const client = readFileSync(fileURLToPath(import.meta.resolve('dev-serve/client')), 'utf8');
  app.get('/client.js', (_, reply) => reply.type('text/javascript').send(client));
`;

const moduleScript: Runner = async (block, project) => {
  const look = async (page: Page) => {
    await page.goto(project.url);
    const text = async () => {
      await post(project, '/news', { title: 'one ' });
      return page.textContent('body');
    };
    await expect.poll(text, soon).toMatch(/one \s*$/);
  };
  await visit(project, block.text, look, SERVE_CLIENT);
};

const types: Runner = (block, project) => typeCheck(block.text, project);

const headers: Runner = async (block, project) => {
  const refuse = `
    app.addHook('onRequest', async ({ url, headers }, reply) => {
      if (url === '/news' && headers.authorization !== 'Bearer secret') return reply.code(401).send();
    });
    app.get('/login', (_, reply) => reply.type('text/html').send('log in, please'));
  `;
  const look = async (page: Page) => {
    await page.goto(project.url);
    await page.waitForURL('**/login');
    await page.evaluate("sessionStorage.setItem('token', 'secret')");
    const stream = page.waitForResponse('**/news');
    await page.goto(project.url);
    expect((await stream).status()).toBe(200);
  };
  await visit(project, await bundled(block.text, project), look, refuse);
};

runBlocks(DOCUMENT, {
  connect: needs(chromium, connect),
  server,
  'serve the client': serveTheClient,
  'module script': needs(chromium, moduleScript),
  types,
  headers: needs(chromium, headers),
});

describe(`the tables in ${DOCUMENT}`, () => {
  it.each([
    ['connect option', 'ConnectOptions'],
    ['of a client', 'EventClient'],
    ['event of the client', 'ClientEvents'],
  ])('name each %s', (head, name) => {
    const rows = tableRows(DOCUMENT, head).map((row) => row.replace(/\(.*\)$/, ''));
    expect(rows.toSorted()).toEqual(membersOf(SOURCE, name).sort());
  });
});
