import { spawn } from 'node:child_process';
import { provision } from '../provision.ts';

/** Programs that npm does not install; their tests are skipped where there is none. */
export const curl = provision({
  name: 'curl',
  variable: 'CURL_PATH',
  commands: ['curl'],
  debianPackage: 'curl',
});
export const python = provision({
  name: 'python3',
  variable: 'PYTHON_PATH',
  commands: ['python3'],
  debianPackage: 'python3',
});

export interface Program {
  /** The exit code, or undefined if it was killed. */
  readonly ended: Promise<number | undefined>;
  kill(): void;
}

/** Runs a program whose output is UTF-8; what it complains about goes to the test's own output. */
export function run(
  path: string,
  args: readonly string[],
  onOutput: (text: string) => void,
): Program {
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8').on('data', onOutput);
  const ended = new Promise<number | undefined>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? undefined));
  });
  return { ended, kill: () => void child.kill('SIGKILL') };
}
