import { printable } from '../../plugins/printable.ts';
import { withoutUserinfo } from './userinfo.ts';

/** Far more than any text of ours; what others say is not to fill a screen. */
const LONGEST = 1000;

/** The text of an error in one line, as it came. */
export function inOneLine(reason: unknown): string {
  return (reason instanceof Error ? reason.message : String(reason))
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .replace(/^error: /, '');
}

/** The same as it may be printed: nothing that a terminal obeys, and no passwords. */
export function printableLine(reason: unknown): string {
  return printable(withoutUserinfo(inOneLine(reason)), LONGEST);
}
