import { createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { listenOn } from '../support/faults/listen-on.ts';
import type { Acknowledged } from '../support/faults/publisher.ts';
import { SteadyPublisher } from '../support/faults/steady-publisher.ts';

/** A server that answers the first publishes so, and any other one as the last of them. */
async function serve(...answers: readonly object[]): Promise<{ origin: string; asked(): number }> {
  let asked = 0;
  const server = createServer((request, response) => {
    request.resume();
    response.end(JSON.stringify(answers[Math.min(asked, answers.length - 1)]));
    asked += 1;
  });
  const origin = await listenOn(server);
  onTestFinished(() => void server.close().closeAllConnections());
  return { origin, asked: () => asked };
}

const publisherAt = (origin: string, onAcknowledged: (event: Acknowledged) => void = () => {}) =>
  new SteadyPublisher({ origin, channels: ['a', 'b'], perSecond: 100, onAcknowledged });

it('events are published in turn, as many as were due, and each acknowledged one is told', async () => {
  const { origin, asked } = await serve({ id: 'log-1' });
  const told: string[] = [];
  const publisher = publisherAt(origin, ({ data }) => told.push(data.slice(0, 4)));
  await expect.poll(asked).toBeGreaterThan(20);
  await publisher.stop();
  expect(publisher.wrong).toEqual([]);
  expect([publisher.published, publisher.failed]).toEqual([asked(), 0]);
  expect(told).toEqual(expect.arrayContaining(['b 1 ', 'a 2 ', 'b 3 ']));
});

it('publishes that are refused are wrong', async () => {
  const { origin, asked } = await serve({ id: 'log-1' }, {}, {}, { id: 'log-4' });
  const publisher = publisherAt(origin);
  await expect.poll(asked).toBeGreaterThan(40);
  await publisher.stop();
  expect(publisher.wrong).toEqual([`2 of ${asked()} publishes failed`]);
});

it('fewer events than were due are wrong', async () => {
  const { origin, asked } = await serve({});
  const publisher = publisherAt(origin);
  await expect.poll(asked).toBeGreaterThan(20);
  await publisher.stop();
  expect(publisher.wrong).toEqual([
    `${asked()} of ${asked()} publishes failed`,
    expect.stringMatching(/^0 events published where \d+ were due$/),
  ]);
});
