import { join } from 'node:path';
import { expect, inject, onTestFinished } from 'vitest';
import type { EventHubOptions } from '../../../plugins/events/event-hub.ts';
import { freePort } from '../free-port.ts';
import { ProcessGroup } from '../process-group.ts';
import type { packages } from '../redis-clients.ts';
import { type Figures, type FiguresQuery, readFigures } from './figures.ts';

const PROGRAM = join(inject('serversPath'), 'faults/event-server.mjs');

/** `queryObjects` is experimental, and what a server prints is a complaint. */
const FLAGS = [
  '--expose-gc',
  '--disable-warning=ExperimentalWarning',
  '--unhandled-rejections=strict',
  '--throw-deprecation',
];

/** What the process opens its store with. */
export type StoreSettings = { readonly limit: number } & (
  | { readonly kind: 'memory' }
  | { readonly kind: 'durable'; readonly path: string; readonly durability: 'commit' | 'flush' }
  | {
      readonly kind: 'redis';
      readonly url: string;
      readonly client: (typeof packages)[number];
      readonly timeout: number;
      readonly tailLimit?: number;
    }
);

type HubOptions = Omit<EventHubOptions, 'store'>;

/** A server in a process of its own, on one port for all its lives; ended with the test. */
export class EventServer {
  readonly origin: string;
  readonly port: number;
  readonly #store: StoreSettings;
  readonly #options: HubOptions;
  #process: ProcessGroup | undefined;

  private constructor(port: number, store: StoreSettings, options: HubOptions) {
    this.origin = `http://127.0.0.1:${port}`;
    this.port = port;
    this.#store = store;
    this.#options = options;
  }

  static async start(store: StoreSettings, options: HubOptions = {}): Promise<EventServer> {
    const server = new EventServer(await freePort(), store, options);
    onTestFinished(() => server.kill());
    await server.restart();
    return server;
  }

  /** Whether it runs, and has had nothing to complain of. */
  get isWell(): boolean {
    return this.#process?.output === 'listening\n';
  }

  /** Kills it if it runs; resolves once the next one listens. */
  async restart(): Promise<void> {
    await this.kill();
    const settings = [this.port, JSON.stringify(this.#store), JSON.stringify(this.#options)];
    const args = [...FLAGS, PROGRAM, ...settings.map(String)];
    this.#process = new ProcessGroup(process.execPath, args, { cwd: '.' });
    await expect.poll(() => this.#process?.output, { timeout: 60_000, interval: 10 }).not.toBe('');
    expect(this.#process.output).toBe('listening\n');
  }

  figures(query?: FiguresQuery): Promise<Figures> {
    return readFigures(this.origin, query);
  }

  /** When each connection was accepted, in milliseconds since 1970. */
  async arrivals(): Promise<readonly number[]> {
    const times: number[] = await (await fetch(`${this.origin}/arrivals`)).json();
    return times;
  }

  /** Publishes so many events of so many bytes; resolves once all are in the log. */
  async burst(channel: string, burst: { count: number; size: number }): Promise<void> {
    const body = JSON.stringify(burst);
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body };
    expect((await fetch(`${this.origin}/bursts/${channel}`, init)).status).toBe(200);
  }

  /** It keeps its connections and answers nobody. */
  pause(): void {
    this.#process?.signal('SIGSTOP');
  }

  resume(): void {
    this.#process?.signal('SIGCONT');
  }

  /** As `kill -9`. */
  async kill(): Promise<void> {
    await this.#process?.kill('SIGKILL');
  }
}
