import { describe, expect, it } from 'vitest';
import { channelCalls } from '../support/docs/calls/channels.ts';
import { optionCalls } from '../support/docs/calls/options.ts';
import { serverCalls } from '../support/docs/calls/servers.ts';
import { sourceCalls } from '../support/docs/calls/sources.ts';
import { streamCalls } from '../support/docs/calls/streams.ts';
import { listen } from '../support/docs/listen.ts';
import { type Runner, runBlocks } from '../support/docs/run-blocks.ts';
import { mappedCalls, toRun } from '../support/docs/snippets.ts';

const DOCUMENT = 'docs/coming-from.md';
const soon = { timeout: 20_000 };

const app: Runner = async (block, project) => {
  const server = await project.app(block.text);
  await project.answers(server, '/hello');
  const received = listen(`${project.url}/hello`);
  await expect.poll(() => received[0], soon).toMatchObject({ event: 'greeting', data: 'hello' });
  const news = listen(`${project.url}/news`);
  await expect.poll(() => news[0]?.event, soon).toBe('dev-serve:position');
};

runBlocks(DOCUMENT, { app });

const calls = { ...streamCalls, ...channelCalls, ...sourceCalls, ...optionCalls, ...serverCalls };
const rows = mappedCalls(DOCUMENT);

describe(`each row of ${DOCUMENT} does what it says`, () => {
  it.for(rows)('$library (line $line): $theirs', async ({ ours, line }) => {
    const call = calls[ours];
    if (!call) throw new Error(`${DOCUMENT}:${line}: no test runs ${ours}`);
    await call(toRun(ours));
  });

  it('for the five libraries, and nothing is checked that is not there', () => {
    expect([...new Set(rows.map(({ library }) => library))]).toEqual([
      'event-flare',
      'http-event-stream',
      'better-sse',
      'fastify-sse-v2',
      '@fastify/sse',
    ]);
    const written = new Set(rows.map(({ ours }) => ours));
    expect(Object.keys(calls).filter((ours) => !written.has(ours))).toEqual([]);
  });
});
