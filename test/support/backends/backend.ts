import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { freePort } from '../free-port.ts';
import { python } from '../peers/programs.ts';

/** For `expect.poll`: processes on a busy machine take their time. */
export const soon = { timeout: 20_000 } as const;

/** The `app`s that tests have left as they were, by command: to start one takes longer than a test. */
const spare = new Map<string, Backend[]>();

/** A server that is a process of its own on a port of its own, which one test has at a time. */
export class Backend {
  readonly port: number;
  readonly #command: readonly string[];
  #child: ChildProcess | undefined;
  #isAsStarted = true;

  private constructor(port: number, command: readonly string[]) {
    this.port = port;
    this.#command = command;
  }

  /** `http.server` of Python, which serves a directory and closes each connection. */
  static python(directory: string): Promise<Backend> {
    return Backend.#start((port) => [
      ...[python ?? 'python3', '-u', '-m', 'http.server', `${port}`],
      ...['--bind', '127.0.0.1', '--directory', directory],
    ]);
  }

  /** A program of this folder that nothing has been asked of yet. */
  static async node(name: 'app' | 'redirecting', ...args: readonly string[]): Promise<Backend> {
    const path = fileURLToPath(new URL(`${name}.js`, import.meta.url));
    const key = [name, ...args].join(' ');
    const left = spare.get(key) ?? [];
    spare.set(key, left);
    const known = left.pop();
    if (known === undefined) {
      const commandFor = (port: number) => [process.execPath, path, `${port}`, ...args];
      return Backend.#start(commandFor, name === 'app' ? left : undefined);
    }
    onTestFinished(() => known.#leave(left));
    await fetch(`${known.url}/reset`);
    return known;
  }

  static async #start(
    commandFor: (port: number) => readonly string[],
    left?: Backend[],
  ): Promise<Backend> {
    const port = await freePort();
    const backend = new Backend(port, commandFor(port));
    onTestFinished(() => backend.#leave(left));
    await backend.start();
    return backend;
  }

  /** Ends it, unless it can be used again. */
  async #leave(left: Backend[] | undefined): Promise<void> {
    if (left && this.#isAsStarted && this.#child?.exitCode === null) left.push(this);
    else await this.kill();
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolves when the port takes connections. */
  async start(): Promise<void> {
    const [program = '', ...args] = this.#command;
    // By the end of its input it learns that this process has ended.
    this.#child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'] });
    const deadline = Date.now() + 10_000;
    while (!(await this.#accepts())) {
      if (Date.now() > deadline) throw new Error(`${program} does not listen`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    this.#isAsStarted = false;
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  }

  #accepts(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  }
}
