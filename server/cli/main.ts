import { createRequire } from 'node:module';
import { visibleJson } from '../../plugins/printable.ts';
import { printableLine } from './one-line.ts';
import { printedSettings } from './print-config.ts';
import { readCommandLine } from './program.ts';
import { readSetup } from './setup.ts';
import { wantsJson } from './wants-json.ts';

const { version }: { version: string } = createRequire(import.meta.url)('dev-serve/package.json');

void main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  // A reader that goes away, e.g. `| head`, is no reason to crash.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  try {
    const commandLine = readCommandLine(args, version);
    const setup = await readSetup(commandLine, process.env, process.cwd());
    if (commandLine.printConfig) {
      console.log(printedSettings(setup));
    } else {
      // Loaded only now: whoever asks for help need not wait for a server.
      const { serve } = await import('./desk.ts');
      await serve(setup, version);
    }
  } catch (error) {
    const text = printableLine(error);
    if (wantsJson(args, process.env)) console.log(visibleJson({ type: 'error', text }));
    console.error(`dev-serve: ${text}`);
    process.exit(1);
  }
}
