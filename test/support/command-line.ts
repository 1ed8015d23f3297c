import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

export const CLI = fileURLToPath(new URL(`../../${packageJson.bin['dev-serve']}`, import.meta.url));

/** The built command, running. */
export interface CommandLine {
  readonly process: ChildProcess;
  /** What it has printed so far. */
  output(): { stdout: string; stderr: string };
  /** Resolves to the exit code, or to the signal that ended it. */
  readonly exit: Promise<number | NodeJS.Signals>;
  /** Resolves to the URL it has printed, once it has printed all that it says at its start. */
  url(): Promise<string>;
}

export interface Surroundings {
  readonly cwd?: string;
  /** Added to the variables of the tests; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Starts `dev-serve` with these arguments; it is killed when the test is done. */
export function runCommand(...args: readonly string[]): CommandLine {
  return runCommandIn({}, ...args);
}

/** The same with other variables, or in another directory. */
export function runCommandIn({ cwd, env }: Surroundings, ...args: readonly string[]): CommandLine {
  const child = spawn(process.execPath, [CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    process: child,
    output: () => output,
    exit: once(child, 'close').then(([code, signal]) => code ?? signal),
    async url() {
      const find = () => /Local: +(\S+).*Ctrl-C to stop/s.exec(output.stdout)?.[1] ?? '';
      await expect.poll(find, { timeout: 20_000 }).not.toBe('');
      return find();
    },
  };
}
