import { EventEmitter, once } from 'node:events';
import { expect, type TestContext } from 'vitest';
import { type EventMessage, POSITION } from '../../../plugins/events/message.ts';
import type { Peer, PeerEvent } from './peer.ts';

/** How an event has to arrive, on either transport: as UTF-8, with LF for every line end. */
export function asRead(peer: Peer, { data, event }: EventMessage, lastEventId: string): PeerEvent {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  const read = Buffer.from(text.replace(/\r\n?/g, '\n')).toString();
  return { type: event || 'message', data: peer.misreads?.(read) ?? read, lastEventId };
}

/** One foreign client at work, gone when the test ends. */
export class Reading {
  /** Everything the client has reported, position frames included. */
  readonly all: PeerEvent[] = [];
  readonly #reports = new EventEmitter();

  constructor(
    { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
    peer: Peer,
    url: string,
    types: readonly string[] = [],
  ) {
    const unique = [...new Set(['message', POSITION, ...types])];
    const connection = peer.open(url, unique, (event) => {
      this.all.push(event);
      this.#reports.emit('event');
    });
    onTestFinished(() => connection.close());
  }

  get events(): PeerEvent[] {
    return this.all.filter(({ type }) => type !== POSITION);
  }

  get positions(): PeerEvent[] {
    return this.all.filter(({ type }) => type === POSITION);
  }

  /** Resolves once the client has been told `count` times where it is. */
  async positioned(count = 1): Promise<void> {
    await this.#reported(() => this.positions.length >= count);
    expect(this.positions.length).toBeGreaterThanOrEqual(count);
  }

  /** Resolves once the client has reported the event of this id. */
  async reached(lastEventId: string): Promise<void> {
    await this.#reported(() => this.all.at(-1)?.lastEventId === lastEventId);
    expect(this.all.at(-1)?.lastEventId).toBe(lastEventId);
  }

  /** Resolves once the reports are so, or take too long. Whoever looks every so often is busy. */
  async #reported(isSo: () => boolean): Promise<void> {
    const signal = AbortSignal.timeout(TIMEOUT);
    try {
      while (!isSo()) await once(this.#reports, 'event', { signal });
    } catch {
      // What is wrong with them is for the one who asks to say.
    }
  }
}

const TIMEOUT = 20_000;

/** Throws unless every position is where the client was: nothing missed, nothing twice. */
export function expectResumed({ all }: Reading): void {
  for (const [index, { type, data, lastEventId }] of all.entries()) {
    if (type !== POSITION) continue;
    expect(data).toBe('{"recovered":true}');
    if (index > 0) expect(lastEventId).toBe(all[index - 1]?.lastEventId);
  }
}
