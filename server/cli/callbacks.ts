import { ANY_HOST_WARNING } from '../../plugins/hosts/host.ts';
import { printable } from '../../plugins/printable.ts';
import type { DevServerOptions } from '../create-dev-server.ts';
import type { Logged } from './desk-event.ts';
import { logStream } from './log-stream.ts';
import type { Printer } from './printer.ts';
import type { Setup } from './setup.ts';

type Callbacks = Pick<
  DevServerOptions,
  'logger' | 'onChange' | 'onOutcome' | 'onNotice' | 'onIgnored'
>;

/** Tells the printer what happens, besides what a config file wants to be told. */
export function callbacks({ file, desk }: Setup, print: Printer): Callbacks {
  const { logger, onChange, onOutcome, onNotice } = file?.config ?? {};
  // It is among the warnings at the start, in the words of the user.
  const log = (line: Logged) => line.text !== ANY_HOST_WARNING && print(line);
  return {
    logger: logger ?? { level: desk.isVerbose ? 'info' : 'warn', stream: logStream(log) },
    onChange: both(onChange, (event) => print({ ...event, type: 'change' })),
    onOutcome: both(onOutcome, ({ event, tabs, acts, sent = null, duration = null }) =>
      print({ ...event, type: 'outcome', tabs, acts, sent, duration }),
    ),
    onNotice: both(onNotice, (notice) => print({ ...notice, type: 'notice' })),
    onIgnored: (path, reason) => {
      if (desk.isVerbose)
        print({ type: 'log', level: 'info', text: `not watched: ${printable(path)} (${reason})` });
      file?.config.onIgnored?.(path, reason);
    },
  };
}

/** Ours is called first: what the other one throws is not to cost a line. */
function both<Told>(
  theirs: ((told: Told) => void) | undefined,
  ours: (told: Told) => void,
): (told: Told) => void {
  if (theirs === undefined) return ours;
  return (told) => {
    ours(told);
    return theirs(told);
  };
}
