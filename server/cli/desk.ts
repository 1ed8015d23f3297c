import { networkInterfaces } from 'node:os';
import { createDevServer } from '../create-dev-server.ts';
import { openBrowser, openUnlessTab } from '../open-browser.ts';
import { watchForTabs } from '../returning-tabs.ts';
import { callbacks } from './callbacks.ts';
import { closeOnSignal } from './close.ts';
import { explain } from './explain.ts';
import { isForeground } from './foreground.ts';
import { keyActions } from './key-actions.ts';
import { listenToKeys } from './keys.ts';
import { printableLine } from './one-line.ts';
import { jsonPrinter, textPrinter } from './printer.ts';
import { readyEvent } from './ready.ts';
import { serverOptions } from './server-options.ts';
import type { Setup } from './setup.ts';
import { terminalQr, terminalStyle } from './terminal.ts';

const TAB_IS_BACK = 'A tab is open already: no browser is opened';

/** Serves until it is told to stop, and tells what happens. */
export async function serve(setup: Setup, version: string): Promise<void> {
  const { stdin, stdout, stderr } = process;
  const { desk } = setup;
  const style = await terminalStyle();
  const hasKeys = stdin.isTTY && !desk.isJson && isForeground();
  const output = {
    out: (text: string) => void stdout.write(text),
    error: (text: string) => void stderr.write(text),
  };
  let qr: readonly string[] = [];
  const print = desk.isJson
    ? jsonPrinter(output, desk)
    : textPrinter(output, { ...desk, hasKeys, style, qr: () => qr });
  const fail = (reason: unknown) => {
    print({ type: 'error', text: explain(reason, setup) });
    process.exit(1);
  };
  try {
    const options = { ...serverOptions(setup.settings), ...callbacks(setup, print) };
    const server = await createDevServer(options);
    const closing = closeOnSignal(server, print, fail);
    const hasTab = watchForTabs(server.app.server, options.eventPath ?? '/events');
    const url = await server.listen();
    const start = {
      version,
      url,
      startTime: Math.round(performance.now()),
      interfaces: networkInterfaces(),
    };
    const ready = readyEvent(setup, start);
    if (!desk.isJson && !desk.isQuiet) qr = await terminalQr(ready.networkUrls[0]);
    print(ready);
    const page = new URL(typeof desk.open === 'string' ? desk.open : '/', url).href;
    const complain = (reason: unknown) => print({ type: 'error', text: printableLine(reason) });
    if (desk.open !== false) {
      openUnlessTab(page, hasTab, complain).then((isOpened) => {
        if (!isOpened) print({ type: 'log', level: 'info', text: TAB_IS_BACK });
      }, complain);
    }
    const open = () => void openBrowser(page, complain);
    const actions = keyActions({ server, ready, style, out: output.out, open, complain });
    if (hasKeys) closing.addEventListener('abort', listenToKeys(stdin, actions));
  } catch (reason) {
    fail(reason);
  }
}
