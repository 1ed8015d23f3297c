import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { CLI } from '../command-line.ts';
import { type Figures, type FiguresQuery, toFigures } from './figures.ts';

const PRELOAD = new URL('./command-figures.js', import.meta.url).href;
const FLAGS = [
  '--expose-gc',
  '--disable-warning=ExperimentalWarning',
  '--unhandled-rejections=strict',
  '--throw-deprecation',
  `--import=${PRELOAD}`,
];

/** `dev-serve` as it is published, on a folder, in a process that tells its figures. */
export class CommandServer {
  readonly #child: ChildProcess;
  readonly #output = { stdout: '', stderr: '' };

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output.stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#output.stderr += text;
    });
  }

  /** Resolves once it listens; it is ended with the test. */
  static async start(root: string, ...args: readonly string[]): Promise<CommandServer> {
    const child = spawn(
      process.execPath,
      [...FLAGS, fileURLToPath(new URL(`file://${CLI}`)), root, '--port', '0', ...args],
      { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    const server = new CommandServer(child);
    await expect.poll(() => server.origin, { timeout: 60_000 }).not.toBe('');
    return server;
  }

  /** Empty until it is known. */
  get origin(): string {
    const [, port] = /Local: +https?:\/\/[^:\s]+:(\d+)/.exec(this.#output.stdout) ?? [];
    return port === undefined ? '' : `http://127.0.0.1:${port}`;
  }

  /** What it has complained of. */
  get complaints(): string {
    return this.#output.stderr;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async figures(query: FiguresQuery = {}): Promise<Figures> {
    const asked = Object.fromEntries(Object.entries(query).filter(([, isWanted]) => isWanted));
    this.#child.send(asked);
    const [answer] = await once(this.#child, 'message');
    return toFigures(answer);
  }
}
