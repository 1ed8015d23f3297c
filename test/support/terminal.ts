import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import { CLI } from './command-line.ts';
import { python } from './peers/programs.ts';

const HELPER = fileURLToPath(new URL('./terminal.py', import.meta.url));
const soon = { timeout: 20_000 };

export interface TerminalSettings {
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whether the command is a job in the background, like after `&`. */
  readonly isBackground?: boolean;
}

/** What a shell sees of its job. */
export interface JobState {
  readonly stopped?: string;
  /** Exit code or signal. */
  readonly ended?: number | string;
  /** Whether the terminal reads lines. */
  readonly canonical: boolean;
  /** Whether it shows what is typed. */
  readonly echo: boolean;
}

/** The built command in a pseudo-terminal. */
export interface Terminal {
  /** All that it has shown, with its escape sequences. */
  output(): string;
  /** The same without them. */
  text(): string;
  type(keys: string): void;
  states(): readonly JobState[];
  /** Resolves when the command has ended. */
  ended(): Promise<JobState>;
  /** Resolves to the URL it shows, when it is ready. */
  url(): Promise<string>;
}

/** Runs `dev-serve` in a terminal of its own, without the colour settings of the tests. */
export function runInTerminal(
  { columns = 80, env, isBackground = false }: TerminalSettings,
  ...args: readonly string[]
): Terminal {
  const place = isBackground ? 'bg' : 'fg';
  const command = [process.execPath, CLI, ...args];
  const child = spawn(python ?? 'python3', [HELPER, `${columns}`, '40', place, ...command], {
    env: { ...withoutColorSettings(process.env), TERM: 'xterm-256color', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const shown = { output: '', states: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown.output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    shown.states += text;
  });
  const closed = once(child, 'close');
  // Its terminal hangs up when it ends, which ends the command.
  onTestFinished(() => void child.kill('SIGKILL'));
  const states = (): JobState[] => {
    const lines = shown.states.split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line): JobState => JSON.parse(line));
  };
  const text = () => stripVTControlCharacters(shown.output).replaceAll('\r\n', '\n');
  return {
    output: () => shown.output,
    text,
    type: (keys) => void child.stdin.write(keys),
    states,
    async ended() {
      await closed;
      const state = states().find(({ ended }) => ended !== undefined);
      if (state === undefined) throw new Error(`No end was told: ${shown.states}`);
      return state;
    },
    async url() {
      const find = () => /Local: +(\S+)/.exec(text())?.[1] ?? '';
      await expect.poll(() => /(Press h|Ctrl-C to)/.test(text()), soon).toBe(true);
      return find();
    },
  };
}

function withoutColorSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NO_COLOR: _no, FORCE_COLOR: _force, CI: _ci, ...others } = env;
  return others;
}
