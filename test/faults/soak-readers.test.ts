import { describe, expect, it } from 'vitest';
import { CalmReaders } from '../support/faults/calm-readers.ts';
import { EventServer } from '../support/faults/event-server.ts';
import { Ledger } from '../support/faults/ledger.ts';
import { post } from '../support/faults/publisher.ts';

const readers = new Map([
  ['both', ['a', 'b']],
  ['one', ['b']],
]);
const event = (seq: number, channel: string) => ({ id: `log-${seq}`, data: `${channel} ${seq}` });
const received = (seq: number, channel: string) => ({ ...event(seq, channel), event: 'message' });

describe('a ledger', () => {
  it('has nothing to say once everybody has read what was acknowledged, in whatever order', () => {
    const ledger = new Ledger(readers);
    ledger.read('both', received(1, 'a'));
    ledger.acknowledge(event(1, 'a'));
    ledger.acknowledge(event(2, 'b'));
    ledger.read('one', received(2, 'b'));
    expect(ledger.missing).toEqual(['log-2 not read by both']);
    ledger.read('both', received(2, 'b'));
    // Nobody knows whether this one is to be there.
    ledger.read('both', received(3, 'b'));
    expect([ledger.missing, ledger.wrong]).toEqual([[], []]);
  });

  it('names what came twice, to the wrong one, or as another', () => {
    const ledger = new Ledger(readers);
    ledger.acknowledge(event(1, 'b'));
    ledger.read('one', received(1, 'b'));
    ledger.read('one', received(1, 'b'));
    ledger.read('one', received(2, 'a'));
    ledger.read('both', { ...received(1, 'b'), data: 'b 9' });
    expect(ledger.wrong).toEqual([
      'one was not to read log-1 (b 1)',
      'one was not to read log-2 (a 2)',
      'another text of log-1 (b 9)',
    ]);
  });
});

describe('readers that stay', () => {
  it('have nothing to complain of when they have read everything', async () => {
    const { origin } = await EventServer.start({ kind: 'memory', limit: 50 });
    const calm = await CalmReaders.start(origin, ['a', 'b'], ['a,b', 'b']);
    for (const channel of ['a', 'b', 'a']) {
      const data = `${channel} text`;
      const { id = '' } = await post(origin, channel, data);
      calm.acknowledge({ id, data });
    }
    expect(await calm.end()).toEqual([]);
  });

  it('complain of a server that has forgotten what it had acknowledged', async () => {
    const server = await EventServer.start({ kind: 'memory', limit: 50 });
    const calm = await CalmReaders.start(server.origin, ['a'], ['a']);
    await server.restart();
    const streams = async () => (await server.figures()).streams.streams;
    await expect.poll(streams).toBe(2);
    const { id = '' } = await post(server.origin, 'a', 'a text');
    calm.acknowledge({ id, data: 'a text' });
    expect(await calm.end()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^sse a connected \d+ times$/),
        'websocket a was told of 1 losses',
      ]),
    );
  });
});
