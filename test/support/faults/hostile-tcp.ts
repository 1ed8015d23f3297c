import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { TestContext } from 'vitest';

/** Something that happens to a connection, once, when so much of what a side sends has passed. */
export interface Fault {
  /** Whose bytes are counted. @default 'server' */
  readonly of?: Side;
  /** How many pass before: of all, or from the start of a text on. */
  readonly after: number | { readonly text: string; readonly offset: number };
  /**
   * `reset`: RST to both. `destroy`: both are closed. `half-close`: the other side is told that no
   * more comes, and may go on. Or nothing passes for so many milliseconds.
   */
  readonly how: 'reset' | 'destroy' | 'half-close' | { readonly stall: number };
}

export type Side = 'client' | 'server';

/** How a connection fares. */
export interface Treatment {
  /** Most bytes per write, each in a turn of its own. @default what came in one piece */
  readonly writes?: number;
  /** Milliseconds before each piece passes. @default 0 */
  readonly delay?: number;
  /** Each happens once, however many connections have it. */
  readonly faults?: readonly Fault[];
}

/** A way to a server that does to each connection what `treatmentOf` says, counted from 0. */
export class HostileTcp {
  /** How many there were. */
  connections = 0;
  /** Bytes that each side has sent in all. */
  readonly passed: Record<Side, number> = { client: 0, server: 0 };
  readonly #server = createServer({ allowHalfOpen: true }, (client) => this.#relay(client));
  readonly #targetPort: number;
  readonly #treatmentOf: (nth: number) => Treatment;
  readonly #done = new Set<Fault>();
  readonly #sockets = new Set<Socket>();

  private constructor(targetPort: number, treatmentOf: (nth: number) => Treatment) {
    this.#targetPort = targetPort;
    this.#treatmentOf = treatmentOf;
  }

  static async start(
    { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
    targetPort: number,
    treatmentOf: (nth: number) => Treatment = () => ({}),
  ): Promise<HostileTcp> {
    const proxy = new HostileTcp(targetPort, treatmentOf);
    // All that come at once are let in, and so numbered, before any of them comes again.
    proxy.#server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
    await once(proxy.#server, 'listening');
    onTestFinished(() => {
      proxy.#server.close();
      for (const socket of proxy.#sockets) socket.destroy();
    });
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not on a port');
    return address.port;
  }

  /** How many of the faults have happened. */
  get faults(): number {
    return this.#done.size;
  }

  #relay(client: Socket): void {
    const treatment = this.#treatmentOf(this.connections);
    this.connections += 1;
    const server = connect({ port: this.#targetPort, host: '127.0.0.1', allowHalfOpen: true });
    const ends = [client, server];
    for (const socket of ends) {
      this.#sockets.add(socket);
      socket.setNoDelay();
      socket.on('error', () => {});
      socket.once('close', () => {
        this.#sockets.delete(socket);
        for (const end of ends) end.destroy();
      });
    }
    const both = { client, server };
    for (const side of ['client', 'server'] as const) {
      // What is left to pass when an end has gone is lost with it.
      this.#pass(both, side, treatment).catch(() => client.destroy());
    }
  }

  async #pass(
    ends: Record<Side, Socket>,
    side: Side,
    { writes = Number.POSITIVE_INFINITY, delay: pause = 0, faults = [] }: Treatment,
  ): Promise<void> {
    const from = ends[side];
    const to = ends[side === 'client' ? 'server' : 'client'];
    const own = faults.filter(({ of = 'server' }) => of === side);
    let passed: Buffer = Buffer.alloc(0);
    for await (const chunk of from.iterator({ destroyOnReturn: false })) {
      this.passed[side] += chunk.length;
      if (pause > 0) await delay(pause);
      if (own.length === 0) {
        await write(to, chunk, writes);
        continue;
      }
      let place = passed.length;
      passed = Buffer.concat([passed, chunk]);
      for (const { fault, at } of this.#ahead(own, passed, place)) {
        await write(to, passed.subarray(place, at), writes);
        place = Math.max(place, at);
        this.#done.add(fault);
        if (typeof fault.how === 'object') await delay(fault.how.stall);
        else if (fault.how === 'half-close') return void to.end();
        else return void [from, to].map((end) => breakOff(end, fault.how));
      }
      await write(to, passed.subarray(place), writes);
    }
    to.end();
  }

  /** What happens in the bytes from a place on, in their order. */
  #ahead(faults: readonly Fault[], passed: Buffer, place: number) {
    return faults
      .filter((fault) => !this.#done.has(fault))
      .flatMap((fault) => {
        const at = placeOf(fault, passed);
        return at === undefined || at > passed.length ? [] : [{ fault, at: Math.max(place, at) }];
      })
      .toSorted((one, other) => one.at - other.at);
  }
}

function placeOf({ after }: Fault, passed: Buffer): number | undefined {
  if (typeof after === 'number') return after;
  const start = passed.indexOf(after.text);
  return start < 0 ? undefined : start + after.offset;
}

function breakOff(socket: Socket, how: Fault['how']): void {
  if (how === 'reset') socket.resetAndDestroy();
  else socket.destroy();
}

async function write(to: Socket, bytes: Buffer, most: number): Promise<void> {
  for (let from = 0; from < bytes.length; from += most) {
    const piece = bytes.subarray(from, from + most);
    await new Promise<void>((resolve, reject) => {
      to.write(piece, (error) => (error ? reject(error) : resolve()));
    });
    if (most < bytes.length) await nextTurn();
  }
}
