import { type ChildProcess, fork, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const PROGRAM = fileURLToPath(new URL('./app-host.js', import.meta.url));

/** A server that runs, in a process of its own or in the one of the apps. */
export interface Running {
  /** What was printed so far, errors included. */
  readonly output: string;
  kill(): Promise<void>;
}

interface Host {
  readonly child: ChildProcess;
  output: string;
}

/** One for all files that this process tests: it ends with this one. */
let host: Host | undefined;

/** Runs a program that exports its app, until the next one or the end of the test. */
export async function runApp(path: string): Promise<Running> {
  const kill = async () => void (await tell(''));
  onTestFinished(kill);
  const { output } = await tell(path);
  return {
    get output() {
      return host?.output.slice(output.length) ?? '';
    },
    kill,
  };
}

async function tell(path: string): Promise<Host> {
  host ??= startHost();
  const { child } = host;
  const told = host;
  const over = new AbortController();
  const heard = (event: string): Promise<unknown[]> => once(child, event, over);
  const answers = Promise.race([heard('message'), heard('exit').then(() => [told.output])]);
  // Of one that has ended there is more to say than that it takes nothing.
  child.send(path, () => undefined);
  const [failure] = await answers;
  over.abort();
  if (failure !== '') throw new Error(`The program has failed: ${failure}`);
  return told;
}

function startHost(): Host {
  const env = { ...process.env, NODE_ENV: 'development' };
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', 'ipc'];
  const child = fork(PROGRAM, { execArgv: [], env, stdio });
  const started = { child, output: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      started.output += text;
    });
    if (stream instanceof Socket) stream.unref();
  }
  child.once('exit', () => {
    host = undefined;
  });
  child.channel?.unref();
  child.unref();
  return started;
}
