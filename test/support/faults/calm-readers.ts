import { expect, onTestFinished } from 'vitest';
import { ErraticClient } from '../erratic-client.ts';
import { openSSE, openWebSocket } from '../event-reader.ts';
import { Journal } from './journal.ts';
import { Ledger } from './ledger.ts';
import type { Acknowledged } from './publisher.ts';

const soon = { timeout: 60_000, interval: 20 };
const transports = { sse: openSSE, websocket: openWebSocket } as const;

/**
 * Readers that stay for hours, and hold no events: each has to read all that is acknowledged of its
 * channels, once and in order, over one connection.
 */
export class CalmReaders {
  readonly #ledger: Ledger;
  readonly #clients = new Map<string, ErraticClient<Journal>>();

  private constructor(origin: string, channels: readonly string[], sets: readonly string[]) {
    const names = sets.flatMap((set) => Object.keys(transports).map((name) => `${name} ${set}`));
    this.#ledger = new Ledger(new Map(names.map((name) => [name, channelsOf(name)])));
    for (const name of names) {
      const isWhole = channelsOf(name).length === channels.length;
      this.#clients.set(name, this.#connect(name, isWhole, origin));
    }
    onTestFinished(() => this.#leave());
  }

  /**
   * One on each transport for each set, as `a,b`; resolves once they know their place. `channels`: all
   * that there are.
   */
  static async start(
    origin: string,
    channels: readonly string[],
    sets: readonly string[],
  ): Promise<CalmReaders> {
    const readers = new CalmReaders(origin, channels, sets);
    const isPlaced = () =>
      [...readers.#clients.values()].every(({ check }) => check.lastEventId !== undefined);
    await expect.poll(isPlaced, soon).toBe(true);
    return readers;
  }

  acknowledge(event: Acknowledged): void {
    this.#ledger.acknowledge(event);
  }

  /** Resolves once nothing is missing, or nothing more comes, to what was wrong; they leave. */
  async end(): Promise<string[]> {
    const missing = () => this.#ledger.missing.slice(0, 5);
    await expect
      .poll(missing, soon)
      .toEqual([])
      .catch(() => {});
    const left = missing();
    this.#leave();
    return [...left, ...this.#ledger.wrong, ...[...this.#clients].flatMap(faultsOf)];
  }

  #connect(name: string, isWhole: boolean, origin: string): ErraticClient<Journal> {
    const channels = channelsOf(name);
    const journal = new Journal(channels, isWhole, {
      take: (event) => {
        journal.entries.length = 0;
        this.#ledger.read(name, event);
        return event;
      },
    });
    const open = name.startsWith('sse ') ? transports.sse : transports.websocket;
    const url = `${origin}/events/${channels.join(',')}`;
    return new ErraticClient(
      journal,
      open,
      () => url,
      () => 0,
    );
  }

  #leave(): void {
    for (const client of this.#clients.values()) client.leave();
  }
}

/** Of `sse a,b`. */
function channelsOf(name: string): string[] {
  return (name.split(' ')[1] ?? '').split(',');
}

function faultsOf([name, client]: [string, ErraticClient<Journal>]): string[] {
  const { failure, connections, check } = client;
  return [
    ...(failure === undefined ? [] : [`${name}: ${failure}`]),
    ...(connections === 1 ? [] : [`${name} connected ${connections} times`]),
    ...(check.losses === 0 ? [] : [`${name} was told of ${check.losses} losses`]),
  ];
}
