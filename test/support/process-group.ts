import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface SpawnSettings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A command with all the processes it starts, ended together. */
export class ProcessGroup {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #output = '';

  constructor(command: string, args: readonly string[], { cwd, env }: SpawnSettings) {
    this.#child = spawn(command, args, {
      cwd,
      env: { ...process.env, NODE_ENV: 'development', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: npx and `node --watch` start the process that matters.
      detached: true,
    });
    this.#ended = once(this.#child, 'close');
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
  }

  /** What was printed so far, errors included. */
  get output(): string {
    return this.#output;
  }

  /** The exit code, once the command has ended by itself. */
  async ended(): Promise<number | null> {
    await this.#ended;
    return this.#child.exitCode;
  }

  /** `SIGKILL` ends it as a crash does; others are followed by one if they take too long. */
  async kill(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.signal(signal);
    const deadline = setTimeout(() => this.signal('SIGKILL'), 3000);
    await this.#ended;
    clearTimeout(deadline);
  }

  /** Sends a signal to all of it, and waits for nothing. */
  signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // The group is gone already.
    }
  }
}
