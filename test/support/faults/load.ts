import { expect, onTestFinished } from 'vitest';
import { parseEventId } from '../../../plugins/events/event-id.ts';
import { ErraticClient } from '../erratic-client.ts';
import { openSSE, openWebSocket } from '../event-reader.ts';
import { randomFrom, seed } from '../random.ts';
import { Journal, SeenEvents } from './journal.ts';
import { openLeanSSE, openLeanWebSocket } from './lean-reader.ts';
import { expectOneLog } from './one-log.ts';
import { type Acknowledged, type Pace, Publisher, post } from './publisher.ts';

export type Client = ErraticClient<Journal>;

const soon = { timeout: 60_000 };
const transports = [openSSE, openWebSocket] as const;
/** For a thousand readers. */
const lean = [openLeanSSE, openLeanWebSocket] as const;
const PACE_MILLISECONDS = 10;
/** How long a reader of a storm has its connection, in milliseconds: between these. */
const CUT_AFTER = [200, 2000] as const;

/** Publishers and readers that go on whatever happens to what is between them. */
export class Load {
  readonly publishers: Publisher[] = [];
  readonly clients: Client[] = [];
  readonly random = randomFrom(seed);
  readonly #erratic = new Set<Client>();
  readonly #cuts = new Set<NodeJS.Timeout>();
  readonly #seen = new SeenEvents();
  readonly #channels: readonly string[];
  readonly #timer: NodeJS.Timeout;

  /** `channels`: all that there are. */
  constructor(channels: readonly string[]) {
    this.#channels = channels;
    this.#timer = setInterval(() => {
      for (const client of this.#erratic) client.act();
    }, PACE_MILLISECONDS);
    onTestFinished(async () => {
      clearInterval(this.#timer);
      this.leave();
      await Promise.all(this.publishers.map((publisher) => publisher.stop()));
    });
  }

  get acknowledged(): Acknowledged[] {
    return this.publishers.flatMap(({ acknowledged }) => acknowledged);
  }

  get refused() {
    return this.publishers.flatMap(({ refused }) => refused);
  }

  /** What there was of it, to be told. */
  get figures() {
    return {
      readers: this.clients.length,
      connections: this.clients.reduce((sum, { connections }) => sum + connections, 0),
      losses: this.clients.reduce((sum, { check }) => sum + check.losses, 0),
      acknowledged: this.acknowledged.length,
      refused: this.refused.length,
    };
  }

  /** Two readers that stay, one on each transport; resolves once they know their place. */
  async addCalm(origins: readonly string[], channels: readonly string[]): Promise<Client[]> {
    const added = [0, 1].map((nth) => this.#add(nth, origins, channels));
    await placed(added);
    return added;
  }

  /** Readers that are killed and stalled at any moment, and choose among origins each time. */
  async addErratic(count: number, origins: readonly string[], channels: readonly string[]) {
    const added = Array.from({ length: count }, (_, nth) => this.#add(nth, origins, channels));
    await placed(added);
    for (const client of added) this.#erratic.add(client);
  }

  /** Readers whose connections are cut, each at a time of its own, again and again. */
  async addStorm(count: number, origins: readonly string[], channels: readonly string[]) {
    const added = Array.from({ length: count }, (_, nth) =>
      this.#add(nth, origins, channels, lean),
    );
    await placed(added);
    for (const client of added) this.#cut(client);
    return added;
  }

  /** All readers go, and stay away. */
  leave(): void {
    this.calm();
    for (const client of this.clients) client.leave();
  }

  /** From now on connections are left alone. */
  calm(): void {
    this.#erratic.clear();
    for (const timer of this.#cuts) clearTimeout(timer);
    this.#cuts.clear();
  }

  publish(origin: string, channel: string, lanes = 1, pace: Pace = {}): void {
    for (let lane = 0; lane < lanes; lane += 1) {
      const name = `p${this.publishers.length}`;
      this.publishers.push(new Publisher(origin, channel, name, pace));
    }
  }

  /** Resolves once so many more events were acknowledged to every publisher. */
  async grow(count: number, { timeout } = soon): Promise<void> {
    const goals = this.publishers.map(({ acknowledged }) => acknowledged.length + count);
    const isThere = () =>
      this.publishers.every(({ acknowledged }, nth) => acknowledged.length >= (goals[nth] ?? 0));
    await expect.poll(isThere, { timeout, interval: 10 }).toBe(true);
  }

  /** Ends it; resolves to the last place in the log once every reader has come to it. */
  async settle({ timeout } = soon): Promise<string> {
    await Promise.all(this.publishers.map((publisher) => publisher.stop()));
    this.calm();
    const targets = new Map(this.publishers.map(({ channel, origin }) => [channel, origin]));
    const marks = new Map<string, string>();
    for (const [channel, origin] of targets) {
      let attempts = 0;
      const publish = async () => {
        attempts += 1;
        const { id } = await post(origin, channel, `${channel} end ${attempts}`);
        if (id !== undefined) marks.set(channel, id);
        return marks.has(channel);
      };
      await expect.poll(publish, soon).toBe(true);
    }
    const isBehind = ({ check }: Client) => {
      const last = marks.get(check.channels.findLast((channel) => marks.has(channel)) ?? '');
      return last !== undefined && !isAtOrPast(check.lastEventId, last);
    };
    const rest = () => {
      for (const client of this.clients) client.resume();
      return this.clients.filter(isBehind).map(({ check }) => check.lastEventId);
    };
    await expect.poll(rest, { timeout }).toEqual([]);
    expect(this.clients.flatMap(({ failure }) => failure ?? [])).toEqual([]);
    return [...marks.values()].at(-1) ?? '';
  }

  /** Every reader has all that was acknowledged, in one order, without a loss. */
  expectComplete(end: string): void {
    const journals = this.clients.map(({ check }) => check);
    expectOneLog(journals, this.#channels, this.acknowledged, end);
  }

  #cut(client: Client): void {
    const [least, most] = CUT_AFTER;
    const timer = setTimeout(
      () => {
        this.#cuts.delete(timer);
        client.cut();
        this.#cut(client);
      },
      least + (most - least) * this.random(),
    );
    this.#cuts.add(timer);
  }

  #add(
    nth: number,
    origins: readonly string[],
    channels: readonly string[],
    [openEvents, openSocket] = transports,
  ): Client {
    const check = new Journal(channels, channels.length === this.#channels.length, this.#seen);
    const open = nth % 2 === 0 ? openEvents : openSocket;
    const chooseUrl = () => {
      const origin = origins[Math.floor(this.random() * origins.length)];
      return `${origin}/events/${channels.join(',')}`;
    };
    const client = new ErraticClient(check, open, chooseUrl, this.random);
    this.clients.push(client);
    return client;
  }
}

/** By an event or, for who was told of a loss at the very end, by a position. */
function isAtOrPast(id: string | undefined, goal: string): boolean {
  const [place, target] = [parseEventId(id ?? ''), parseEventId(goal)];
  return place?.epoch === target?.epoch && (place?.seq ?? 0) >= (target?.seq ?? 0);
}

async function placed(clients: readonly Client[]): Promise<void> {
  await expect.poll(() => clients.every(({ check }) => check.lastEventId), soon).toBe(true);
}
