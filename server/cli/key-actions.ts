import type { DevServer } from '../create-dev-server.ts';
import { urlLines } from './banner.ts';
import type { Ready } from './desk-event.ts';
import { type Actions, raise } from './keys.ts';
import { reloadLine, type Style } from './lines.ts';

export interface Hands {
  readonly server: DevServer;
  readonly ready: Ready;
  readonly style: () => Style;
  readonly out: (text: string) => void;
  readonly open: () => void;
  readonly complain: (reason: unknown) => void;
}

/** Clears the screen and what was scrolled out of it. */
const CLEAR = '\u001b[2J\u001b[3J\u001b[H';
const HELP = [
  'r  reload all pages',
  'o  open a browser',
  'c  clear the screen',
  'u  print the URLs',
  'q  quit',
  'h  print this list',
];

/** What each key does. */
export function keyActions({ server, ready, style, out, open, complain }: Hands): Actions {
  const block = (lines: readonly string[]) => {
    out(`\n${lines.map((line) => `  ${line}\n`).join('')}\n`);
  };
  const help = () => block(HELP);
  return {
    r() {
      out(`${reloadLine(style(), Date.now())}\n`);
      server.reload().catch(complain);
    },
    o: open,
    c: () => out(CLEAR),
    u: () => block(urlLines(ready, style().colors)),
    q: () => raise('SIGTERM'),
    h: help,
    '?': help,
  };
}
