import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { freePort } from './free-port.ts';

/** Whether there is a Redis to run; without one its tests are skipped, and that was said. */
export const hasRedis = inject('redisServerPath') !== undefined;

export interface RedisServerOptions {
  /** Whether what was written is there after a restart. @default false */
  readonly durable?: boolean;
}

/** A Redis of its own on a free port of 127.0.0.1, in a folder of its own. */
export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  readonly #durable: boolean;
  #child: ChildProcess | undefined;

  private constructor(port: number, folder: string, { durable = false }: RedisServerOptions) {
    this.port = port;
    this.#folder = folder;
    this.#durable = durable;
  }

  /** `onEnd`: where to leave what stops it, such as `onTestFinished` or `afterAll`. */
  static async start(
    onEnd: (stop: () => Promise<void>) => void,
    options: RedisServerOptions = {},
  ): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), 'dev-serve-redis-'));
    const server = new RedisServer(await freePort(), folder, options);
    onEnd(async () => {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    });
    await server.restart();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it again on the same port; resolves once it takes commands. */
  async restart(): Promise<void> {
    await this.kill();
    const settings = {
      port: String(this.port),
      bind: '127.0.0.1',
      dir: this.#folder,
      save: '',
      appendonly: this.#durable ? 'yes' : 'no',
      appendfsync: 'always',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    this.#child = spawn(inject('redisServerPath') ?? '', args, { stdio: 'ignore' });
    while (!(await answers(this.port))) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  /** Ends it at once, as a crash does. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    // A paused process is ended by this signal too.
    child.kill('SIGKILL');
    await exited;
  }

  /** It keeps its connections and answers nobody. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(1000, () => socket.destroy());
    socket.on('error', () => {});
    // While it loads its data it answers "-LOADING".
    socket.once('data', (data) => {
      resolve(data.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('close', () => resolve(false));
  });
}
