import { describe, expect, it, onTestFinished } from 'vitest';
import { type Block, blocksOf, tableDefaults, tableRows } from '../support/docs/blocks.ts';
import { dataOf, listen } from '../support/docs/listen.ts';
import { defaultsOf, membersOf } from '../support/docs/members.ts';
import { post } from '../support/docs/news.ts';
import type { Project } from '../support/docs/project.ts';
import { needs, type Runner, runBlocks } from '../support/docs/run-blocks.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';

const DOCUMENT = 'docs/stores.md';
const soon = { timeout: 20_000 };

const memory: Runner = async (block, project) => {
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

/** A server is killed and started again; a client that comes back misses nothing. */
async function survives(text: string, project: Project) {
  const server = await project.program(text);
  await project.answers(server);
  const { id } = await post(project, '/news', 'one');
  await post(project, '/news', 'two');
  await server.kill('SIGKILL');
  const next = await project.program(text);
  await project.answers(next);
  await post(project, '/news', 'three');
  const received = listen(`${project.url}/news`, String(id));
  await expect.poll(() => received.map(({ data }) => data), soon).toContain('three');
  expect(received.map(({ data }) => data)).toEqual(['{"recovered":true}', 'two', 'three']);
}

const durable: Runner = async (block, project) => {
  await survives(block.text, project);
};

async function onOwnRedis(block: Block): Promise<string> {
  const { url } = await RedisServer.start(onTestFinished);
  return block.text.replace('redis://localhost:6379', url);
}

const redis: Runner = async (block, project) => {
  await survives(await onOwnRedis(block), project);
};

const ioredis: Runner = async (block, project) => {
  const text = `import { redisStore } from 'dev-serve/stores/redis';
    ${await onOwnRedis(block)}
    console.log(await store.append('news', { event: 'message', data: 'one' }));
    await store.close();
    client.disconnect();`;
  const program = await project.program(text, false);
  expect(await program.ended()).toBe(0);
  expect(program.output).toContain("data: 'one'");
};

const ownStore: Runner = async (block, project) => {
  await project.write('timed-store.js', block.text);
  const text = `import { memoryStore } from 'dev-serve/sse';
    import { timedStore } from './timed-store.js';
    const store = timedStore(memoryStore(), (took) => console.log(typeof took));
    await store.append('news', { event: 'message', data: 'one' });`;
  const program = await project.program(text, false);
  expect(await program.ended()).toBe(0);
  expect(program.output).toBe('number\n');
};

const storeTests: Runner = async (block, project) => {
  const own = blocksOf(DOCUMENT).find(({ name }) => name === 'own store');
  await project.write('timed-store.js', own?.text ?? '');
  await project.write('timed-store.test.js', block.text);
  const tests = project.command('node --test timed-store.test.js');
  expect(await tests.ended()).toBe(0);
  expect(tests.output).toMatch(/^. pass [3-9]\d$/m);
};

runBlocks(DOCUMENT, {
  memory,
  durable,
  redis: needs(hasRedis || undefined, redis),
  ioredis: needs(hasRedis || undefined, ioredis),
  'own store': ownStore,
  'store tests': storeTests,
});

describe(`the tables in ${DOCUMENT}`, () => {
  it.each([
    ['option of memory and durable', 'plugins/events/stores/limits.ts', 'LimitOptions'],
    ['option of memory', 'plugins/events/stores/memory.ts', 'MemoryStoreOptions'],
    ['option of durable', 'plugins/events/stores/durable.ts', 'DurableStoreOptions'],
    ['option of Redis', 'plugins/events/stores/redis.ts', 'RedisStoreOptions'],
  ])('name each %s, in its order, with its default', (head, path, name) => {
    expect(tableRows(DOCUMENT, head)).toEqual(membersOf(path, name));
    expect(tableDefaults(DOCUMENT, head)).toEqual(defaultsOf(path, name));
  });
});
