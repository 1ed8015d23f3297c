#!/usr/bin/env node
import { createRequire } from 'node:module';
import { Command, InvalidArgumentError, Option } from 'commander';
import { STREAM_METHODS, type StreamMethod } from '../plugins/dev-serve-options.ts';
import { banner, changeLine } from './banner.ts';
import { createDevServer, type DevServer } from './create-dev-server.ts';
import { warnings } from './warnings.ts';

interface Flags {
  readonly port: number;
  readonly host: string;
  readonly strictPort?: true;
  readonly eventPath: string;
  readonly streamMethod: StreamMethod;
  readonly allowedHost?: readonly string[];
  readonly allowedOrigin?: readonly string[];
  readonly watch?: readonly string[];
}

const { version }: { version: string } = createRequire(import.meta.url)('dev-serve/package.json');

const program = new Command('dev-serve')
  .description('Serves a directory; every open tab follows each save.')
  .argument('[directory]', 'what to serve and to watch', '.')
  .option('-p, --port <number>', 'first port to try', port, 3000)
  .option('--strict-port', 'fail if the port is taken')
  .option('--host <host>', 'name or address to listen on', 'localhost')
  .option('--watch <directory>', 'also watch this directory (repeatable)', append)
  .option('--event-path <path>', 'path of the event stream', '/events')
  .addOption(
    new Option('--stream-method <method>', 'how events are offered')
      .choices(STREAM_METHODS)
      .default('both'),
  )
  .option('--allowed-host <name>', 'answer to this host name too (repeatable)', appendList)
  .option(
    '--allowed-origin <origin>',
    'let pages of this origin read events (repeatable)',
    appendList,
  )
  .version(version)
  .configureOutput({ outputError: (text, write) => write(`dev-serve: ${oneLine(text)}\n`) })
  .action((directory: string, flags: Flags) => run(directory, flags).catch(fail));

// A reader that goes away, e.g. `| head`, is no reason to crash.
process.stdout.on('error', () => {});
await program.parseAsync();

async function run(directory: string, flags: Flags): Promise<void> {
  const { allowedHost, allowedOrigin, ...options } = flags;
  const server = await createDevServer({
    ...options,
    root: directory,
    allowedHosts: allowedHost,
    allowedOrigins: allowedOrigin,
    onChange: (event) => console.log(changeLine(event)),
  });
  closeOnSignal(server);
  const url = await server.listen();
  const port = Number(new URL(url).port);
  console.log(
    banner({
      version,
      url,
      root: directory,
      eventsUrl: eventsUrl(flags, url),
      takenPort: flags.port === 0 || flags.port === port ? undefined : flags.port,
      startTime: performance.now(),
      warnings: warnings(flags, process.env.DEV_SERVE_ALLOWED_HOSTS),
    }),
  );
}

function eventsUrl({ eventPath, streamMethod }: Flags, url: string): string {
  if (streamMethod !== 'websocket') return new URL(eventPath, url).href;
  return new URL(`${eventPath}/ws`, url.replace('http', 'ws')).href;
}

function closeOnSignal(server: DevServer): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // Once: a second signal ends the process at once, as it does by default.
    process.once(signal, () => {
      server.close().then(() => process.exit(0), fail);
    });
  }
}

function port(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

function append(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

function appendList(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, ...value.split(',')];
}

function oneLine(text: string): string {
  return text
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .replace(/^error: /, '');
}

function fail(error: unknown): void {
  console.error(`dev-serve: ${oneLine(error instanceof Error ? error.message : String(error))}`);
  process.exit(1);
}
