import { vi } from 'vitest';
import { CLI } from '../../support/command-line.ts';
import { ProcessGroup } from '../../support/process-group.ts';
import { Target } from './target.ts';

/** The built command in a process of its own, which tells on its terminal all that happens. */
export class Command extends Target {
  readonly #process: ProcessGroup;

  private constructor(port: number, process: ProcessGroup) {
    super(port);
    this.#process = process;
  }

  static async start(folder: string): Promise<Command> {
    const args = [CLI, folder, '--port', '0', '--verbose'];
    const process_ = new ProcessGroup(process.execPath, args, { cwd: folder });
    const port = () => Number(/Local: +http:\/\/localhost:(\d+)\//.exec(process_.output)?.[1] ?? 0);
    let isOver = false;
    void process_.ended().then(() => {
      isOver = true;
    });
    // `expect.poll` is for tests alone, and this is for a hook.
    await vi.waitUntil(() => port() !== 0 || isOver, { timeout: 50_000 });
    if (port() === 0) throw new Error(`the command has ended: ${process_.output}`);
    return new Command(port(), process_);
  }

  /** All that was printed so far. */
  get output(): string {
    return this.#process.output;
  }

  async end(): Promise<void> {
    this.close();
    await this.#process.kill();
  }
}
