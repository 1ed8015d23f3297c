import type { Act } from './outcomes.ts';

/** What a page did about one change. */
export interface Done {
  /** Of the change. */
  readonly timestamp: number;
  readonly act: Act;
  /** Milliseconds since, by the page's own clock. @default 0 */
  readonly ago?: number;
}

/** Something that went wrong in a page. */
export interface LogEntry {
  readonly kind: 'script-error' | 'failed-request' | 'no-reload';
  readonly text: string;
}

interface Sender {
  /** The same for all frames of a tab, and for all pages that it shows one after the other. */
  readonly tab: string;
  /** URL path and query of the document, in visible ASCII. */
  readonly page: string;
}

/** What one document of a tab tells. */
export type Report =
  | (Sender & {
      readonly type: 'open';
      readonly title: string;
      /** Timestamp of the last change that the document has in it. */
      readonly build: number | undefined;
    })
  | (Sender & { readonly type: 'close' })
  | (Sender & { readonly type: 'done'; readonly changes: readonly Done[] })
  | (Sender & { readonly type: 'log'; readonly entries: readonly LogEntry[] });

/** Why a text is no report. */
export interface Malformed {
  readonly type: 'malformed';
  readonly reason: string;
}

type Fields = Readonly<Record<string, unknown>>;

const LONGEST_PAGE = 2048;
const LONGEST_TEXT = 500;
const MAX_CHANGES = 1000;
const MAX_ENTRIES = 20;
const ACTS: readonly Act[] = ['swap', 'reload', 'none'];
const KINDS = ['script-error', 'failed-request', 'no-reload'] as const;

/** Reads what a page has sent. Total: what it cannot be, it is not; what is too long is cut. */
export function parseReport(body: string): Report | Malformed {
  const fields = objectOf(parseJson(body));
  const { tab, page } = fields;
  if (typeof tab !== 'string' || !/^[A-Za-z0-9-]{8,64}$/.test(tab)) {
    return malformed('"tab" must be 8 to 64 letters, digits and hyphens');
  }
  if (typeof page !== 'string' || !page.startsWith('/')) {
    return malformed('"page" must be a URL path');
  }
  return parseType({ tab, page: visibleAscii(page).slice(0, LONGEST_PAGE) }, fields);
}

function parseType(sender: Sender, fields: Fields): Report | Malformed {
  const { type, title, build } = fields;
  if (type === 'open') {
    return { ...sender, type, title: textOf(title), build: timestampOf(build) };
  }
  if (type === 'close') return { ...sender, type };
  if (type === 'done') {
    const changes = listOf(fields.changes, MAX_CHANGES, parseDone);
    const reason = `"changes" must be 1 to ${MAX_CHANGES} of {timestamp, act}`;
    return changes === undefined ? malformed(reason) : { ...sender, type, changes };
  }
  if (type === 'log') {
    const entries = listOf(fields.entries, MAX_ENTRIES, parseEntry);
    const reason = `"entries" must be 1 to ${MAX_ENTRIES} of {kind, text}`;
    return entries === undefined ? malformed(reason) : { ...sender, type, entries };
  }
  return malformed('"type" must be open, close, done or log');
}

function parseDone(value: unknown): Done | undefined {
  const { timestamp: given, act: name, ago: since } = objectOf(value);
  const timestamp = timestampOf(given);
  const ago = timestampOf(since);
  const act = ACTS.find((known) => known === name);
  return timestamp === undefined || act === undefined
    ? undefined
    : { timestamp, act, ...(ago && { ago }) };
}

function parseEntry(value: unknown): LogEntry | undefined {
  const { kind: name, text } = objectOf(value);
  const kind = KINDS.find((known) => known === name);
  return kind === undefined || typeof text !== 'string' ? undefined : { kind, text: textOf(text) };
}

/** All items, or undefined if there are none, too many, or one that is not what it should be. */
function listOf<Item>(
  value: unknown,
  most: number,
  parse: (value: unknown) => Item | undefined,
): readonly Item[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > most) return undefined;
  const items = value.map(parse).filter((item) => item !== undefined);
  return items.length === value.length ? items : undefined;
}

function timestampOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, LONGEST_TEXT).toWellFormed() : '';
}

/** Percent-encodes what no browser leaves in a URL, so that a page may stand in any output. */
function visibleAscii(path: string): string {
  return path
    .slice(0, LONGEST_PAGE)
    .replace(/[^\x21-\x7e]+/g, (part) => Buffer.from(part).toString('hex').replace(/../g, '%$&'));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Anything that is not an object has none of the fields. */
function objectOf(value: unknown): Fields {
  return Object(value);
}

function malformed(reason: string): Malformed {
  return { type: 'malformed', reason };
}
