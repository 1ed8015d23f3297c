import { describe, expect, it, onTestFinished } from 'vitest';
import { formatEventId, parseEventId } from '../../plugins/events/event-id.ts';
import { memoryStore } from '../../plugins/events/stores/memory.ts';
import websocket from '../../plugins/websocket.ts';
import { ErraticClient } from '../support/erratic-client.ts';
import { type OpenReader, openSSE, openWebSocket } from '../support/event-reader.ts';
import { inForm, tell } from '../support/faults/form.ts';
import { type Fault, HostileTcp, type Treatment } from '../support/faults/hostile-tcp.ts';
import { Journal, SeenEvents } from '../support/faults/journal.ts';
import { randomFrom, seed } from '../support/random.ts';
import { listen, sseApp } from '../support/sse-app.ts';

const transports = [
  ['SSE', openSSE],
  ['WebSocket', openWebSocket],
] as const;
const soon = { timeout: 60_000 };
const CLIENTS = inForm(30, 300);
const DATA = ['first', '\u{1f600} two\nlines', ''];
/** Of every so many places one, from a place of chance on. */
const STEPS = { reset: 1, destroy: inForm(17, 1), 'half-close': inForm(17, 1) } as const;
/** Longer than a heartbeat takes, and a client's answer to it. */
const STALL_MILLISECONDS = inForm(2500, 5000);

/** A server with some events in its log; `after` is the place in front of them. */
async function serve(options = {}) {
  const app = await sseApp({ store: memoryStore({ limit: 10_000 }), retry: 100, ...options });
  await app.register(websocket, { path: '/events/ws', channel: 'news' });
  app.get('/events', (_request, reply) => reply.sse(app.channel('news')));
  const port = Number(new URL(await listen(app)).port);
  const published = new Map<string, string>();
  const publish = async (data: string) => {
    const id = await app.channel('news').publish({ data });
    published.set(id ?? '', data);
    return id;
  };
  const { epoch = '' } = parseEventId((await publish(DATA[0] ?? '')) ?? '') ?? {};
  for (const data of DATA.slice(1)) await publish(data);
  return { port, publish, published, after: formatEventId(epoch, 0) };
}

type Served = Awaited<ReturnType<typeof serve>>;

/** Clients behind a proxy, each of which wants the whole log. */
class Behind {
  readonly proxy: HostileTcp;
  readonly #served: Served;
  readonly #open: OpenReader;
  readonly #random = randomFrom(seed);
  readonly #seen = new SeenEvents();
  readonly #clients: ErraticClient<Journal>[] = [];

  private constructor(proxy: HostileTcp, served: Served, open: OpenReader) {
    this.proxy = proxy;
    this.#served = served;
    this.#open = open;
  }

  static async start(
    served: Served,
    open: OpenReader,
    treatmentOf: (nth: number) => Treatment,
  ): Promise<Behind> {
    const proxy = await HostileTcp.start({ onTestFinished }, served.port, treatmentOf);
    return new Behind(proxy, served, open);
  }

  add(count: number): void {
    for (let nth = 0; nth < count; nth += 1) {
      const journal = new Journal(['news'], true, this.#seen);
      journal.startAfter(this.#served.after);
      const url = `http://127.0.0.1:${this.proxy.port}/events`;
      const client = new ErraticClient(journal, this.#open, () => url, this.#random);
      onTestFinished(() => client.leave());
      this.#clients.push(client);
    }
  }

  /** Resolves once every client has all that was published, and fails for any other log. */
  async expectWhole(): Promise<void> {
    const last = [...this.#served.published.keys()].at(-1);
    const isBehind = () => this.#clients.filter(({ check }) => check.lastEventId !== last).length;
    await expect.poll(isBehind, soon).toBe(0);
    expect(this.#clients.flatMap(({ failure }) => failure ?? [])).toEqual([]);
    const expected = [...this.#served.published.values()];
    for (const { check } of this.#clients) {
      expect(check.losses).toBe(0);
      expect(check.entries.map(({ data }) => data)).toEqual(expected);
    }
  }
}

/** How many bytes a side sends until the client has all of the log. */
async function measure(served: Served, open: OpenReader) {
  const behind = await Behind.start(served, open, () => ({}));
  behind.add(1);
  await behind.expectWhole();
  return behind.proxy.passed;
}

describe(`behind a hostile TCP proxy (seed ${seed})`, { timeout: 2 * soon.timeout }, () => {
  describe.each(transports)('%s', (name, open) => {
    it.each(['reset', 'destroy', 'half-close'] as const)(
      'whose connection ends (%s) at each byte of handshake and events shows all of the log, once',
      async (how) => {
        const served = await serve();
        const bytes = await measure(served, open);
        const first = Math.floor(randomFrom(seed)() * STEPS[how]);
        const faults: Fault[] = (['client', 'server'] as const).flatMap((of) =>
          Array.from({ length: bytes[of] + 1 }, (_, after) => ({ of, after, how })),
        );
        const chosen = faults.filter((_, nth) => nth % STEPS[how] === first);
        const treatmentOf = (nth: number) => ({ faults: chosen.slice(nth, nth + 1) });
        const behind = await Behind.start(served, open, treatmentOf);
        behind.add(chosen.length);
        await behind.expectWhole();
        await served.publish('live');
        await behind.expectWhole();
        expect(behind.proxy.faults).toBe(chosen.length);
        tell(`hostile TCP, ${name}, ${how}`, { seed, places: chosen.length });
      },
    );

    it('in writes of one byte, each way, reads all of the log, once', async () => {
      const served = await serve();
      const behind = await Behind.start(served, open, () => ({ writes: 1 }));
      behind.add(3);
      await behind.expectWhole();
      for (const data of ['live \u{1f600}', 'x'.repeat(300), 'two\n\nlines']) {
        await served.publish(data);
      }
      await behind.expectWhole();
      expect(behind.proxy.connections).toBe(3);
    });

    it('that stalls and is slow, at any place, has all of the log in the end, once', async () => {
      const served = await serve({ heartbeatInterval: 1000 });
      const random = randomFrom(seed);
      const bytes = await measure(served, open);
      const treatmentOf = (nth: number): Treatment => {
        const of = random() < 0.3 ? 'client' : 'server';
        const after = Math.floor(random() * bytes[of]);
        const fault: Fault = { of, after, how: { stall: STALL_MILLISECONDS } };
        return { delay: random() * 20, faults: nth < CLIENTS ? [fault] : [] };
      };
      const behind = await Behind.start(served, open, treatmentOf);
      behind.add(CLIENTS);
      for (let left = 20; left > 0; left -= 1) await served.publish('x'.repeat(left));
      await behind.expectWhole();
      expect(behind.proxy.faults).toBe(CLIENTS);
      // Those that were let through after the stall go on.
      await served.publish('live');
      await behind.expectWhole();
    });
  });
});
