import { get } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Stats } from '../../../plugins/events/figures.ts';
import type { Classes } from './grown-classes.ts';

/** What a server tells of itself, after a collection of its garbage. */
export interface Figures {
  readonly pid: number;
  /** Bytes. */
  readonly rss: number;
  readonly heapUsed: number;
  readonly arrayBuffers: number;
  /** Open handles and requests of the process by kind: sockets, timers, ... */
  readonly resources: Counts;
  /** Open file descriptors. */
  readonly descriptors: number;
  /** Listeners on what lives as long as the server, by emitter and event. */
  readonly listeners: Counts;
  /** Living objects by kind, timers that are unref'd among them; empty unless asked for. */
  readonly objects: Counts;
  /** The timers among them by their time: it may be another one each time that one is set. */
  readonly timers: Counts;
  /** What is in the heap; empty unless asked for. */
  readonly classes: Classes;
  readonly streams: Stats;
}

export type Counts = Readonly<Record<string, number>>;

export interface FiguresQuery {
  /** Count objects too: takes some tenths of a second. */
  readonly objects?: boolean;
  /** Take a snapshot of the heap: takes a second. */
  readonly classes?: boolean;
  /** Close connections that wait for a request first: fetch keeps them for seconds. */
  readonly idle?: boolean;
}

/** Asks the route `/figures`, over a connection of its own. */
export function readFigures(origin: string, query: FiguresQuery = {}): Promise<Figures> {
  const names = Object.entries(query).flatMap(([name, isWanted]) => (isWanted ? [name] : []));
  return new Promise((resolve, reject) => {
    const url = `${origin}/figures?${names.join('&')}`;
    get(url, { agent: false }, (response) => {
      json(response).then((value) => resolve(toFigures(value)), reject);
    }).on('error', reject);
  });
}

export function toFigures(value: unknown): Figures {
  if (!isFigures(value)) throw new Error(`no figures: ${JSON.stringify(value)}`);
  return value;
}

function isFigures(value: unknown): value is Figures {
  return typeof value === 'object' && value !== null && 'rss' in value && 'objects' in value;
}
