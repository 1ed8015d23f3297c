export type Transport = 'sse' | 'websocket';

/** What a connection needs to know. */
export interface Options {
  /** URL path of the event stream, e.g. `/events`; the WebSocket route is `<events>/ws`. */
  readonly events: string;
  /** In the order in which they are tried. */
  readonly transports: readonly Transport[];
  /** URL path of the served root, with a slash at both ends. */
  readonly base: string;
}

/** What the server knows and the client needs; serialized into client.js. */
export interface PageOptions extends Options {
  /** URL path that takes reports of this tab. */
  readonly report: string;
  /** URL paths, with a slash at the end, of what is watched but not served. */
  readonly watched: readonly string[];
  /** Whether pages come from another server, so that paths of files and of URLs may differ. */
  readonly isProxied: boolean;
  /** Whether script errors and failed requests are reported. */
  readonly browserLog: boolean;
}

/** One event of the stream, the same on all transports; `data` is the text that was sent. */
export interface Frame {
  /** Empty for one that moves no cursor. */
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** A position in the log: entries are numbered by `seq` under an `epoch`. */
export interface EventId {
  readonly epoch: string;
  readonly seq: number;
}

/** One change in the served folder. `path` and `from` are percent-encoded, below the root. */
export interface Change {
  /** Milliseconds since the Unix epoch. */
  readonly timestamp: number;
  readonly path: string;
  readonly operation: string;
  readonly from?: string;
}

/** How often the worker asks its tabs whether they are still there. */
export const PING_MS = 2000;

/** The event type of the first frame of every connection. */
export const POSITION = 'dev-serve:position';

export function parseEventId(id: string | undefined): EventId | undefined {
  const match = /^([0-9a-z]+)-(\d+)$/.exec(id ?? '');
  if (!match?.[1]) return undefined;
  return { epoch: match[1], seq: Number(match[2]) };
}

/** @returns undefined for a text that is not an envelope */
export function parseFrame(text: unknown): Frame | undefined {
  const { id = '', event, data } = parseObject(text);
  if (typeof id !== 'string' || typeof event !== 'string' || typeof data !== 'string') return;
  return { id, event, data };
}

/** @returns undefined for a text that is not a change */
export function parseChange(text: string): Change | undefined {
  const { type, timestamp, path, operation, from } = parseObject(text);
  if (type !== 'event' || typeof timestamp !== 'number') return undefined;
  if (typeof path !== 'string' || typeof operation !== 'string') return undefined;
  return { timestamp, path, operation, ...(typeof from === 'string' && { from }) };
}

/** @returns the timestamp of a reload that was asked for by hand, undefined for any other text */
export function parseReload(text: string): number | undefined {
  const { type, timestamp } = parseObject(text);
  return type === 'reload' && typeof timestamp === 'number' ? timestamp : undefined;
}

/** Whether a position frame says that nothing was lost before it. */
export function isRecovered(frame: Frame): boolean {
  return parseObject(frame.data).recovered === true;
}

/** What was sent as JSON, or the text where it is not JSON. */
export function parseData(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Anything that is not an object has none of the properties. */
function parseObject(text: unknown): Record<string, unknown> {
  return Object(parseData(String(text)));
}
