import { printable, visible } from '../../plugins/printable.ts';
import type { Colors } from './colors.ts';
import type { Changing, Logged, Noticed, Outcome } from './desk-event.ts';
import { outcomeText } from './outcome-text.ts';
import { shortenPath } from './shorten.ts';

/** How lines are to look. */
export interface Style {
  readonly colors: Colors;
  /** Characters that fit a line of the terminal; undefined where there is none. */
  readonly columns: number | undefined;
}

/** Columns for a path, so that what follows stands below one another. */
const PATH_COLUMNS = 16;
/** `  12:01:33  rename  `. */
const LEAD = 20;

/** One line for one change, and what came of it. */
export function changeLine(event: Changing | Outcome, { colors, columns }: Style): string {
  const outcome = event.type === 'outcome' ? outcomeText(event) : '';
  const room =
    (columns ?? Number.POSITIVE_INFINITY) - LEAD - (outcome === '' ? 0 : outcome.length + 3);
  const path = pathText(event, Math.max(room, 8));
  const color = {
    create: colors.green,
    write: colors.cyan,
    remove: colors.red,
    rename: colors.yellow,
    chmod: colors.dim,
  }[event.operation];
  const padded = outcome === '' ? path : `${path.padEnd(Math.min(PATH_COLUMNS, room))}   `;
  return `  ${colors.dim(clock(event.timestamp))}  ${color(event.operation.padEnd(6))}  ${padded}${colors.dim(outcome)}`;
}

function pathText({ path, from }: Changing | Outcome, room: number): string {
  if (from === undefined) return shortenPath(readable(path), room);
  const half = Math.floor((room - 4) / 2);
  return `${shortenPath(readable(from), half)} -> ${shortenPath(readable(path), half)}`;
}

/** Event paths are percent-encoded; names of files may hold anything. */
function readable(path: string): string {
  try {
    return printable(decodeURI(path));
  } catch {
    return printable(path);
  }
}

/** A notice is not cut: it says what to do. */
export function noticeLine({ kind, page, text }: Noticed, { colors }: Style, now: number): string {
  const where = page === undefined || text.includes(page) ? '' : `${printable(page)}: `;
  const name = kind.replace('-', ' ');
  return `  ${colors.dim(clock(now))}  ${colors.yellow(name)}  ${where}${visible(text)}`;
}

/** One line for a reload that was asked for by hand. */
export function reloadLine({ colors }: Style, now: number): string {
  return `  ${colors.dim(clock(now))}  ${colors.magenta('reload')}  all pages`;
}

/** One line of the server's log. */
export function logLine({ level, text }: Logged, { colors }: Style, now: number): string {
  const color = { info: colors.dim, warning: colors.yellow, error: colors.red }[level];
  const name = level === 'info' ? '' : `${color(level)}  `;
  return `  ${colors.dim(clock(now))}  ${name}${visible(text)}`;
}

function clock(timestamp: number): string {
  return new Date(timestamp).toTimeString().slice(0, 8);
}
