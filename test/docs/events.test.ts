import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, useChromium } from '../support/chromium.ts';
import { type Block, tableRows } from '../support/docs/blocks.ts';
import { dataOf, listen } from '../support/docs/listen.ts';
import { membersOf } from '../support/docs/members.ts';
import type { Project } from '../support/docs/project.ts';
import { needs, type Runner, runBlocks } from '../support/docs/run-blocks.ts';
import { openWebSocket } from '../support/event-reader.ts';
import { curl } from '../support/peers/programs.ts';

const DOCUMENT = 'docs/events.md';
const soon = { timeout: 10_000 };
const chromium = hasChromium ? useChromium() : undefined;

/** Runs an app and collects the events of one of its streams. */
function events(path: string, lastEventId?: string) {
  return async (block: Block, project: Project) => {
    const server = await project.program(block.text);
    await project.answers(server, path);
    return listen(project.url + path, lastEventId);
  };
}

async function publish(project: Project, data: object): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(data);
  const response = await fetch(`${project.url}/news`, { method: 'POST', headers, body });
  return response.json();
}

const channel: Runner = async (block, project) => {
  const received = await events('/news')(block, project);
  await expect.poll(() => received, soon).toHaveLength(1);
  const { id } = await publish(project, { title: 'one' });
  const headline = { id, event: 'headline', data: '{"title":"one"}' };
  await expect.poll(() => received.at(-1), soon).toEqual(headline);
  expect(await publish(project, {})).toMatchObject({ readers: 1 });
};

const store: Runner = async (block, project) => {
  const server = await project.program(`${block.text}
    await news.open();
    app.get('/start', () => start);
    const start = news.lastEventId;
    for (let data = 1; data <= 2500; data++) await news.publish({ data });`);
  await project.answers(server, '/start');
  const start = await (await fetch(`${project.url}/start`)).text();
  const received = listen(`${project.url}/news`, start);
  await expect.poll(() => received.at(-1)?.data, soon).toBe('2500');
  expect(dataOf(received)).toEqual(Array.from({ length: 2500 }, (_, index) => index + 1));
};

const generator: Runner = async (block, project) => {
  const received = await events('/clock')(block, project);
  await expect.poll(() => received.length, soon).toBeGreaterThan(1);
  expect(received[1]).toMatchObject({ event: 'tick', data: expect.stringContaining('"now":') });
};

const iterable: Runner = async (block, project) => {
  const received = await events('/countdown')(block, project);
  await expect.poll(() => dataOf(received), soon).toEqual([3, 2, 1]);
  expect(received.map(({ id }) => id)).toEqual(['left-3', 'left-2', 'left-1']);
};

const readable: Runner = async (block, project) => {
  const received = await events('/notes')(block, project);
  await expect.poll(() => received.map(({ data }) => data), soon).toEqual(['one\ntwo\n']);
};

const nothing: Runner = async (block, project) => {
  const received = await events('/job')(block, project);
  const steps = [25, 50, 75, 100].map((done) => ({ done }));
  await expect.poll(() => dataOf(received), soon).toEqual(steps);
};

const position: Runner = async (block, project) => {
  const server = await project.program(
    "app.get('/news', (_, reply) => reply.sse(app.channel('news')));",
  );
  await project.answers(server, '/news');
  const client = project.command(`curl -sN ${project.url}/news`);
  const shape = (text: string) => text.replace(/^id: [0-9a-z]+-\d+$/m, 'id: *').trim();
  await expect.poll(() => shape(client.output), soon).toBe(shape(block.text));
};

const startFromHere: Runner = async (block, project) => {
  const server = await project.program(`${block.text}
    app.post('/news', (request) => news.publish({ data: request.body }).then((id) => ({ id })));`);
  await project.answers(server);
  const from = /lastEventId=([0-9a-z]+-\d+)/.exec(await project.page())?.[1];
  await publish(project, { title: 'in between' });
  const received = listen(`${project.url}/news`, from);
  await expect.poll(() => dataOf(received), soon).toEqual([{ title: 'in between' }]);
};

const ownResume: Runner = async (block, project) => {
  const received = await events('/lines', '1')(block, project);
  await expect.poll(() => received.map(({ data }) => data), soon).toEqual(['two', 'three']);
};

const websocket: Runner = async (block, project) => {
  const server = await project.program(block.text);
  await project.answers(server);
  const received = listen(`${project.url}/news`, '', openWebSocket);
  await expect.poll(() => received.length, soon).toBeGreaterThan(1);
  expect(received[0]?.event).toBe('dev-serve:position');
  expect(received[1]).toMatchObject({ event: 'headline', data: '{"title":"one"}' });
};

/** The first frame that is no position, as it comes over the wire. */
function frame(protocol: string): Runner {
  return async (block, project) => {
    const server = await project.program(`
      import websocket from 'dev-serve/websocket';
      await app.register(websocket, { path: '/news/ws', channel: 'news' });
      setInterval(() => app.channel('news').publish({ event: 'headline', data: { title: 'one' } }), 50);
    `);
    await project.answers(server);
    const client = project.command(`node -e '
      const { WebSocket } = require("${process.cwd()}/node_modules/ws");
      const socket = new WebSocket("${project.url}/news/ws", "${protocol}" || []);
      socket.on("message", (data) => console.log(String(data)));
    '`);
    const frames = () => client.output.split('\n').filter((line) => /^{.*title.*}$/.test(line));
    await expect.poll(() => frames().length, soon).toBeGreaterThan(0);
    const shape = (text: string) => JSON.parse(text.replace(/"[0-9a-z]+-\d+"/, '"*"'));
    expect(shape(frames()[0] ?? '')).toEqual(shape(block.text));
    expect(client.output.includes('recovered')).toBe(protocol !== '');
  };
}

/** Opens the block as a page beside a channel `/news`, and then publishes a headline. */
function inBrowser(visit: (project: Project, page: Page) => Promise<void>) {
  const runner: Runner = async (block, project) => {
    const page = JSON.stringify(`<!doctype html><body>${block.text}`);
    const server = await project.program(`
      const news = app.channel('news');
      app.get('/', (_, reply) => reply.type('text/html').send(${page}));
      app.get('/news', (_, reply) => reply.sse(news));
      app.post('/news', (request) =>
        news.publish({ event: 'headline', data: request.body }).then((id) => ({ id })));
    `);
    await project.answers(server);
    const context = await chromium?.newContext();
    const tab = await context?.newPage();
    if (tab) await visit(project, tab);
    await context?.close();
    await server.kill();
  };
  return runner;
}

const browser = inBrowser(async (project, page) => {
  await page.goto(project.url);
  const text = async () => {
    await publish(project, { title: 'one ' });
    return page.textContent('body');
  };
  await expect.poll(text, soon).toContain('one ');
});

const loss = inBrowser(async (project, page) => {
  let loads = 0;
  let streams = 0;
  // An id of another log stands for a restart; only the first stream asks with it.
  await page.route('**/news', (route) =>
    streams++ === 0 ? route.continue({ headers: { 'last-event-id': 'old-1' } }) : route.continue(),
  );
  page.on('load', () => loads++);
  await page.goto(project.url);
  await expect.poll(() => loads, soon).toBe(2);
});

runBlocks(DOCUMENT, {
  channel,
  browser: needs(chromium, browser),
  store,
  generator,
  iterable,
  readable,
  nothing,
  position: needs(curl, position),
  loss: needs(chromium, loss),
  'start from here': startFromHere,
  'own resume': ownResume,
  websocket,
  envelope: frame('dev-serve'),
  bare: frame(''),
});

describe(`the tables in ${DOCUMENT}`, () => {
  it('name each option, in its order', () => {
    expect(tableRows(DOCUMENT, 'option')).toEqual(membersOf('plugins/sse.ts', 'SSEOptions'));
    expect(tableRows(DOCUMENT, 'WebSocket option')).toEqual(
      membersOf('plugins/websocket.ts', 'WebSocketOptions'),
    );
  });
});
