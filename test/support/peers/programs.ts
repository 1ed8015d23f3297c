import { spawn, spawnSync } from 'node:child_process';

/** Programs that npm does not install; their tests are skipped where there is none. */
export const curl = find('curl', process.env.CURL_PATH);
export const python = find('python3', process.env.PYTHON_PATH);

function find(name: string, path = name): string | undefined {
  if (spawnSync(path, ['--version']).status === 0) return path;
  if (process.env.CI === 'true') throw new Error(`${path} does not run: install ${name}`);
  console.warn(`\n!!! NO ${name.toUpperCase()}: ITS TESTS ARE SKIPPED. Install it.\n`);
  return undefined;
}

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
