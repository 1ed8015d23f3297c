import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { CLOSE_CODES } from '../../plugins/sockets/close-codes.ts';
import { hasChromium, useChromium } from '../support/chromium.ts';
import { type Block, tableRows } from '../support/docs/blocks.ts';
import { dataOf, listen } from '../support/docs/listen.ts';
import { membersOf } from '../support/docs/members.ts';
import { post, visitPage } from '../support/docs/news.ts';
import type { Project } from '../support/docs/project.ts';
import { needs, type Runner, runBlocks } from '../support/docs/run-blocks.ts';
import { typeCheck } from '../support/docs/type-check.ts';
import { openWebSocket } from '../support/event-reader.ts';
import { curl } from '../support/peers/programs.ts';

const DOCUMENT = 'docs/events.md';
const soon = { timeout: 20_000 };
const chromium = hasChromium ? useChromium() : undefined;

/** Runs an app and collects the events of one of its streams. */
async function events(block: Block, project: Project, path: string, lastEventId?: string) {
  const server = await project.app(block.text);
  await project.answers(server, path);
  return listen(project.url + path, lastEventId);
}

/** As `events`, from when the stream has begun. */
async function begun(block: Block, project: Project, path: string) {
  const received = await events(block, project, path);
  await expect.poll(() => received, soon).toHaveLength(1);
  return received;
}

const channel: Runner = async (block, project) => {
  const received = await begun(block, project, '/news');
  const { id } = await post(project, '/news', { title: 'one' });
  const headline = { id, event: 'headline', data: '{"title":"one"}' };
  await expect.poll(() => received.at(-1), soon).toEqual(headline);
  expect(await post(project, '/news', {})).toMatchObject({ readers: 1 });
};

const types: Runner = (block, project) => typeCheck(block.text, project);

const volatile: Runner = async (block, project) => {
  const news = `const news = app.channel('news');
    app.get('/news', (_, reply) => reply.sse(news));`;
  const received = await begun({ ...block, text: news + block.text }, project, '/news');
  expect(await post(project, '/typing', { user: 'ada' })).toEqual({ told: 1 });
  const { id } = received[0] ?? {};
  const typing = { id, event: 'typing', data: '{"user":"ada"}' };
  await expect.poll(() => received.at(-1), soon).toEqual(typing);
};

const several: Runner = async (block, project) => {
  const text = `${block.text}
    app.post('/:name', async ({ params, body }) =>
      ({ id: await app.channel(params.name).publish({ data: body }) }));`;
  const received = await begun({ ...block, text }, project, '/all');
  const ids: unknown[] = [];
  for (const name of ['news', 'sport', 'news']) {
    ids.push((await post(project, `/${name}`, { name })).id);
  }
  await expect.poll(() => received.slice(1).map(({ id }) => id), soon).toEqual(ids);
  const again = listen(`${project.url}/all`, String(ids[0]));
  await expect.poll(() => dataOf(again), soon).toEqual([{ name: 'sport' }, { name: 'news' }]);
};

const generator: Runner = async (block, project) => {
  const received = await events(block, project, '/clock');
  await expect.poll(() => received.length, soon).toBeGreaterThan(1);
  expect(received[1]).toMatchObject({ event: 'tick', data: expect.stringContaining('"now":') });
};

const iterable: Runner = async (block, project) => {
  const received = await events(block, project, '/countdown');
  await expect.poll(() => dataOf(received), soon).toEqual([3, 2, 1]);
  expect(received.map(({ id }) => id)).toEqual(['left-3', 'left-2', 'left-1']);
};

const readable: Runner = async (block, project) => {
  const received = await events(block, project, '/notes');
  await expect.poll(() => received.map(({ data }) => data), soon).toEqual(['one\ntwo\n']);
};

const nothing: Runner = async (block, project) => {
  const received = await events(block, project, '/job');
  const steps = [25, 50, 75, 100].map((done) => ({ done }));
  await expect.poll(() => dataOf(received), soon).toEqual(steps);
};

const position: Runner = async (block, project) => {
  const server = await project.app(
    "app.get('/news', (_, reply) => reply.sse(app.channel('news')));",
  );
  await project.answers(server, '/news');
  const client = project.command(`curl -sN ${project.url}/news`);
  const shape = (text: string) => text.replace(/^id: [0-9a-z]+-\d+$/m, 'id: *').trim();
  await expect.poll(() => shape(client.output), soon).toBe(shape(block.text));
};

const startFromHere: Runner = async (block, project) => {
  const server = await project.app(`${block.text}
    app.post('/news', (request) => news.publish({ data: request.body }).then((id) => ({ id })));`);
  await project.answers(server);
  const from = /lastEventId=([0-9a-z]+-\d+)/.exec(await project.page())?.[1];
  await post(project, '/news', { title: 'in between' });
  const received = listen(`${project.url}/news`, from);
  await expect.poll(() => dataOf(received), soon).toEqual([{ title: 'in between' }]);
};

const ownResume: Runner = async (block, project) => {
  const received = await events(block, project, '/lines', '1');
  await expect.poll(() => received.map(({ data }) => data), soon).toEqual(['two', 'three']);
};

const websocket: Runner = async (block, project) => {
  const server = await project.app(block.text);
  await project.answers(server);
  const received = listen(`${project.url}/news`, '', openWebSocket);
  await expect.poll(() => received.length, soon).toBeGreaterThan(1);
  expect(received[0]?.event).toBe('dev-serve:position');
  expect(received[1]).toMatchObject({ event: 'headline', data: '{"title":"one"}' });
};

/** The first frame that is no position, as it comes over the wire. */
function frame(protocol: string): Runner {
  return async (block, project) => {
    const server = await project.app(`
      import websocket from 'dev-serve/websocket';
      await app.register(websocket, { path: '/news/ws', channel: 'news' });
      setInterval(() => app.channel('news').publish({ event: 'headline', data: { title: 'one' } }), 50);
    `);
    await project.answers(server);
    const received: string[] = [];
    const socket = new WebSocket(`${project.url}/news/ws`, protocol || []);
    onTestFinished(() => socket.terminate());
    socket.on('message', (data) => received.push(String(data)));
    const frames = () => received.filter((text) => /^{.*title.*}$/.test(text));
    await expect.poll(() => frames().length, soon).toBeGreaterThan(0);
    const shape = (text: string) => JSON.parse(text.replace(/"[0-9a-z]+-\d+"/, '"*"'));
    expect(shape(frames()[0] ?? '')).toEqual(shape(block.text));
    expect(received.join().includes('recovered')).toBe(protocol !== '');
  };
}

const browser: Runner = async (block, project) => {
  if (!chromium) return;
  await visitPage(chromium, project, block.text, async (page) => {
    await page.goto(project.url);
    const text = async () => {
      await post(project, '/news', { title: 'one ' });
      return page.textContent('body');
    };
    await expect.poll(text, soon).toContain('one ');
  });
};

const loss: Runner = async (block, project) => {
  if (!chromium) return;
  await visitPage(chromium, project, block.text, async (page) => {
    let pages = 0;
    let streams = 0;
    // An id of another log stands for a restart; only the first stream asks with it.
    await page.route('**/news', (route) =>
      streams++ === 0
        ? route.continue({ headers: { 'last-event-id': 'old-1' } })
        : route.continue(),
    );
    // Not by their `load`: the first one may be left before that.
    page.on('framenavigated', () => pages++);
    await page.goto(project.url, { waitUntil: 'commit' });
    await expect.poll(() => pages, soon).toBe(2);
  });
};

const earliest: Runner = async (block, project) => {
  const text = `${block.text}
    for (const data of [1, 2]) await app.channel('job a').publish({ data });`;
  const received = await events({ ...block, text }, project, '/jobs/a');
  await expect.poll(() => dataOf(received), soon).toEqual([1, 2]);
};

const snapshot: Runner = async (block, project) => {
  const received = await events(block, project, '/game');
  const start = [
    { team: 'red', goals: 0 },
    { team: 'blue', goals: 0 },
  ];
  await expect.poll(() => dataOf(received), soon).toEqual(start);
  await post(project, '/goals/red', {});
  await expect.poll(() => dataOf(received).at(-1), soon).toEqual({ team: 'red', goals: 1 });
  const late = listen(`${project.url}/game`, 'old-1');
  await expect.poll(() => dataOf(late), soon).toEqual([{ team: 'red', goals: 1 }, start[1]]);
  expect(late.some(({ data }) => data.includes('"recovered":false'))).toBe(false);
};

const filter: Runner = async (block, project) => {
  const text = `${block.text}
    app.post('/', async ({ body }) => ({ id: await orders.publish({ data: body }) }));`;
  const received = await begun({ ...block, text }, project, '/orders/ada');
  for (const customer of ['bob', 'ada']) await post(project, '/', { customer });
  await expect.poll(() => dataOf(received), soon).toEqual([{ customer: 'ada' }]);
};

const oneClient: Runner = async (block, project) => {
  const ada = await begun(block, project, '/chat?user=ada');
  const bob = listen(`${project.url}/chat?user=bob`);
  await expect.poll(() => bob, soon).toHaveLength(1);
  expect(await post(project, '/notes/ada', { text: 'hello' })).toEqual({ reached: 1 });
  await expect.poll(() => dataOf(ada), soon).toEqual([{ text: 'hello' }]);
  expect(await post(project, '/users/bob', {}, 'DELETE')).toEqual({ evicted: 1 });
  const end = { event: 'dev-serve:close', data: '{"reason":"evicted"}' };
  await expect.poll(() => bob.at(-1), soon).toMatchObject(end);
  expect(dataOf(ada)).toHaveLength(1);
};

const observing: Runner = async (block, project) => {
  const text = `${block.text}
    app.get('/news', (_, reply) => reply.sse(news));`;
  await begun({ ...block, text }, project, '/news');
  expect(await (await fetch(`${project.url}/most`)).json()).toEqual({ most: 1 });
};

const diagnostics: Runner = async (block, project) => {
  const text = `${block.text}
    await app.channel('news').publish({ data: 1 });`;
  const server = await project.program(text);
  await expect.poll(() => server.output, soon).toMatch(/^published [0-9a-z]+-1 on news\n$/);
};

const sink: Runner = async (block, project) => {
  const text = `${block.text}
    await news.publish({ event: 'headline', data: { title: 'one' } });
    app.addHook('onListen', () => void setTimeout(() => app.close(), 100));`;
  const server = await project.program(text);
  expect(await server.ended()).toBe(0);
  expect(server.output).toBe('dev-serve:position {"recovered":true}\nheadline {"title":"one"}\n');
};

runBlocks(DOCUMENT, {
  channel,
  browser: needs(chromium, browser),
  types,
  volatile,
  several,
  generator,
  iterable,
  readable,
  nothing,
  position: needs(curl, position),
  loss: needs(chromium, loss),
  earliest,
  'start from here': startFromHere,
  snapshot,
  filter,
  'own resume': ownResume,
  'one client': oneClient,
  observing,
  diagnostics,
  websocket,
  envelope: frame('dev-serve'),
  bare: frame(''),
  sink,
});

describe(`the tables in ${DOCUMENT}`, () => {
  const names = (head: string) =>
    tableRows(DOCUMENT, head).map((name) => name.replace(/\(.*\)$/, ''));

  const sources: Readonly<Record<string, readonly string[]>> = {
    'stream option': [
      ...membersOf('plugins/events/typed-events.ts', 'SubscribeOptions'),
      ...membersOf('plugins/events/lifetime.ts', 'LifetimeOptions'),
    ],
    'of a stream': membersOf('plugins/events/stream.ts', 'ChannelStream'),
    observed: membersOf('plugins/events/observers.ts', 'Observations'),
    'WebSocket option': membersOf('plugins/websocket.ts', 'WebSocketOptions'),
  };

  it.each(Object.entries(sources))('name each %s, in its order', (head, members) => {
    expect(names(head)).toEqual(members);
  });

  it('name each code that sockets are closed with', () => {
    expect(names('code')).toEqual(Object.values(CLOSE_CODES).map(String));
  });
});
