import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import devServe, { type FileEvent, type Notice } from '../../plugins/dev-serve.ts';
import type { ChangeOutcome } from '../../plugins/tabs/outcomes.ts';
import { RecentChanges } from '../../plugins/tabs/recent-changes.ts';
import { TabList } from '../../plugins/tabs/tab-list.ts';
import tabs from '../../plugins/tabs.ts';
import { createDevServer, type DevServerOptions } from '../../server/create-dev-server.ts';
import { temporarySite } from '../support/temporary-site.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const TAB = { tab: 'abcd-1234', page: '/' };

async function serve(options: Partial<DevServerOptions> = {}) {
  const root = await temporarySite({ 'index.html': '<title>x</title>', 'a.css': '' });
  const outcomes: ChangeOutcome<FileEvent>[] = [];
  const notices: Notice[] = [];
  const server = await createDevServer({
    ...{ root, host: '127.0.0.1', port: 0 },
    onOutcome: (outcome) => void outcomes.push(outcome),
    onNotice: (notice) => void notices.push(notice),
    ...options,
  });
  onTestFinished(() => server.close());
  const url = await server.listen();
  const send = async (body: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${url}@dev-serve/report`, {
      method: 'POST',
      headers: { ...JSON_TYPE, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: answer.status, text: await answer.text() };
  };
  const health = async () => (await fetch(`${url}@dev-serve/health`)).json();
  return { root, server, url, outcomes, notices, send, health };
}

/** Opens an event stream, as a tab has one, and resolves to a reader of timestamps. */
async function openStream(url: string) {
  const response = await fetch(`${url}events`, { headers: { accept: 'text/event-stream' } });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  onTestFinished(async () => void (await reader?.cancel()));
  let text = '';
  return async (count: number): Promise<number[]> => {
    for (;;) {
      const found = [...text.matchAll(/"timestamp":(\d+)/g)].map((match) => Number(match[1]));
      if (found.length >= count) return found;
      text += (await reader?.read())?.value ?? '';
    }
  };
}

describe('what tabs report', () => {
  it('becomes the outcome of a change, with the time it took', async () => {
    const { root, url, outcomes, send } = await serve();
    const timestamps = await openStream(url);
    await send({ ...TAB, type: 'open', title: 'x' });
    await send({ ...TAB, tab: 'abcd-5678', type: 'open', title: 'x' });
    await writeFile(join(root, 'a.css'), 'a{}');
    const [timestamp] = await timestamps(1);
    const done = (act: string) => ({ type: 'done', changes: [{ timestamp, act }] });
    expect(await send({ ...TAB, ...done('swap') })).toEqual({ status: 204, text: '' });
    expect(outcomes).toEqual([]);
    await send({ ...TAB, tab: 'abcd-5678', ...done('none') });
    expect(outcomes).toEqual([
      {
        event: { type: 'event', timestamp, path: '/a.css', operation: 'write' },
        tabs: 2,
        acts: { swap: 1, reload: 0, none: 1 },
        sent: expect.any(Number),
        duration: expect.any(Number),
      },
    ]);
  });

  it('counts from the save, however late it is seen', async () => {
    const { root, url, send, outcomes } = await serve({ poll: 1500 });
    const timestamps = await openStream(url);
    await send({ ...TAB, type: 'open', title: '' });
    const begun = Date.now();
    await writeFile(join(root, 'a.css'), 'a{}');
    const saved = Date.now();
    const [timestamp = 0] = await timestamps(1);
    await send({ ...TAB, type: 'done', changes: [{ timestamp, act: 'swap' }] });
    const { sent = Number.NaN, duration } = outcomes[0] ?? {};
    expect(duration).toBeGreaterThanOrEqual(sent);
    expect(duration).toBeGreaterThanOrEqual(timestamp - saved - 20);
    expect(duration).toBeLessThan(Date.now() - begun + 20);
  });

  it('of hundreds of tabs comes out right', async () => {
    const { root, server, url, outcomes, health } = await serve();
    const timestamps = await openStream(url);
    const tabs = Array.from({ length: 200 }, (_, id) => ({ tab: `many-tabs-${id}`, page: '/' }));
    // Not over as many sockets, which would take longer than all the rest.
    const send = (payload: object) =>
      server.app.inject({ method: 'POST', url: '/@dev-serve/report', payload });
    await Promise.all(tabs.map((tab) => send({ ...tab, type: 'open', title: '' })));
    expect(await health()).toMatchObject({ tabs: 200, streams: 1 });
    await writeFile(join(root, 'a.css'), 'a{}');
    const [timestamp] = await timestamps(1);
    const done = (act: string | undefined) => ({ type: 'done', changes: [{ timestamp, act }] });
    const acts = ['swap', 'none'];
    await Promise.all(tabs.map((tab, index) => send({ ...tab, ...done(acts[index % 2]) })));
    expect(outcomes).toMatchObject([{ tabs: 200, acts: { swap: 100, reload: 0, none: 100 } }]);
  });

  it('becomes a line for the developer where something went wrong, once', async () => {
    const { notices, send } = await serve();
    const entries = [{ kind: 'script-error', text: 'boom\u001b[2J\n' }];
    for (let time = 0; time < 3; time++) await send({ ...TAB, type: 'log', entries });
    expect(notices).toEqual([
      { kind: 'script-error', page: '/', text: 'Script error in /: "boom\\u{1b}[2J\\u{a}"' },
    ]);
  });

  it('is taken below a prefix too', async () => {
    const app = fastify();
    onTestFinished(() => app.close());
    const root = await temporarySite({ 'index.html': '' });
    await app.register(devServe, { root, prefix: '/docs', enabled: true });
    const payload = JSON.stringify({ ...TAB, type: 'open' });
    const url = '/docs/@dev-serve/report';
    expect(
      (await app.inject({ method: 'POST', url, headers: JSON_TYPE, payload })).statusCode,
    ).toBe(204);
    const health = await app.inject('/docs/@dev-serve/health');
    expect(health.json()).toMatchObject({ tabs: 1 });
  });
});

describe('a caller that fails', () => {
  it('fails no report and stops no server', async () => {
    const fail = () => {
      throw new Error('of the caller');
    };
    const later = async () => fail();
    const { root, send, health } = await serve({ onOutcome: fail, onNotice: later });
    const entries = [{ kind: 'no-reload', text: 'a' }];
    expect((await send({ ...TAB, type: 'log', entries })).status).toBe(204);
    await writeFile(join(root, 'a.css'), 'a{}');
    await expect.poll(health).toMatchObject({ status: 'ok' });
  });
});

describe('what is no report', () => {
  it('is refused in one line that says why, and changes nothing', async () => {
    const { url, send, health } = await serve();
    const open = { ...TAB, type: 'open', title: '' };
    expect(await send('{"tab":')).toEqual({
      status: 400,
      text: expect.stringMatching(/^"tab" .+\n$/),
    });
    expect(await send('')).toMatchObject({ status: 400 });
    expect(await send({ ...open, tab: '<script>' })).toMatchObject({ status: 400 });
    expect((await send({ ...open, title: 'x'.repeat(70_000) })).status).toBe(413);
    for (const type of ['text/plain', 'application/json; charset=utf-8', 'application/jsonx', '']) {
      expect(await send(open, { 'content-type': type })).toMatchObject({ status: 415 });
    }
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
      const answer = await fetch(`${url}@dev-serve/report?tab=abcd-1234&page=/&type=open`, {
        method,
      });
      expect([404, 405]).toContain(answer.status);
    }
    expect(await health()).toMatchObject({ tabs: 0 });
  });

  it('comes from a page of another site', async () => {
    const { url, send, health } = await serve();
    const open = { ...TAB, type: 'open', title: '' };
    expect(await send(open, { origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    expect(await send(open, { 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403 });
    expect(await health()).toMatchObject({ tabs: 0 });
    expect(await send(open, { origin: new URL(url).origin })).toMatchObject({ status: 204 });
    expect(await health()).toMatchObject({ tabs: 1 });
  });
});

it('the parsers and the error handler of an app are not disturbed, nor do they disturb', async () => {
  const app = fastify();
  onTestFinished(() => app.close());
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, async () => 'of the app');
  app.setErrorHandler((_error, _request, reply) => reply.code(500).send('of the app'));
  app.post('/echo', async (request) => ({ body: request.body }));
  const root = await temporarySite({ 'index.html': '' });
  await app.register(devServe, { root, enabled: true });
  const post = (url: string, payload: string) =>
    app.inject({ method: 'POST', url, headers: JSON_TYPE, payload });
  expect((await post('/echo', '{}')).json()).toEqual({ body: 'of the app' });
  expect(
    (await post('/@dev-serve/report', JSON.stringify({ ...TAB, type: 'open' }))).statusCode,
  ).toBe(204);
  const tooLong = await post('/@dev-serve/report', 'x'.repeat(70_000));
  expect([tooLong.statusCode, tooLong.body]).toEqual([413, 'Request body is too large\n']);
});

it('nothing is waited for any more once the app is closed', async () => {
  const list = new TabList({ hasStreams: () => true });
  const app = fastify();
  let change: (event: FileEvent, savedAt: undefined) => void = () => {};
  const told: unknown[] = [];
  await app.register(tabs, {
    ...{ path: '/report', tabs: list, recent: new RecentChanges<FileEvent>() },
    onOutcome: (outcome) => told.push(outcome),
    onNotice: () => {},
    subscribe: (listener) => {
      change = listener;
    },
  });
  const payload = { ...TAB, type: 'open' };
  await app.inject({ method: 'POST', url: '/report', payload });
  expect(list.size).toBe(1);
  change({ type: 'event', timestamp: 1, path: '/a.css', operation: 'write' }, undefined);
  await app.close();
  expect([list.size, told]).toEqual([0, []]);
});
