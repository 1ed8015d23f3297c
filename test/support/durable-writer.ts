import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const PROGRAM = fileURLToPath(new URL('./durable-writer.js', import.meta.url));

export interface WriterOptions {
  readonly path: string;
  readonly durability?: 'commit' | 'flush';
  readonly channels?: number;
  readonly atOnce?: number;
}

/** What another process has printed while it was appending. */
export interface Written {
  readonly open: boolean;
  readonly stored: readonly { id: string; channel: string; data: string }[];
  readonly reported: readonly string[];
  readonly errors: string;
}

export interface Writer {
  /** Resolves when `count` appends were acknowledged, or the process has ended by itself. */
  stored(count: number): Promise<void>;
  /** Ends it with SIGKILL; resolves to all it has printed. */
  kill(): Promise<Written>;
}

/** Starts another process that opens a store and, with `atOnce` above 0, appends to it. */
export async function startWriter(options: WriterOptions): Promise<Writer> {
  const { path, durability = 'commit', channels = 3, atOnce = 8 } = options;
  const args = [PROGRAM, path, durability, String(channels), String(atOnce)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close');
  const stored: { id: string; channel: string; data: string }[] = [];
  const reported: string[] = [];
  let [open, errors] = [false, ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const lines = createInterface({ input: child.stdout });
  const opened = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      const [kind, id = '', channel = '', data = ''] = line.split(' ');
      if (kind === 'open') open = true;
      if (kind === 'stored') stored.push({ id, channel, data });
      if (kind === 'reported') reported.push(id);
      resolve();
    });
  });
  await Promise.race([opened, ended]);
  return {
    async stored(count) {
      while (stored.length < count && child.exitCode === null) {
        await Promise.race([once(lines, 'line'), ended]);
      }
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
      return { open, stored, reported, errors };
    },
  };
}
