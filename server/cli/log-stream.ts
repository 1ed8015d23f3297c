import { printable, printablePath } from '../../plugins/printable.ts';
import { TokenBucket } from '../../plugins/tabs/token-bucket.ts';
import type { Logged } from './desk-event.ts';
import { inOneLine, printableLine } from './one-line.ts';

const [WARNING, ERROR] = [40, 50];
/** Upgrades have no answer that is logged. */
const MAX_REQUESTS = 1000;
/** Lines about trouble that are told at once, and a second: clients can make as much as they like. */
const TROUBLE = [10, 1] as const;

/** Turns the server's log, lines of JSON, into what is worth telling. */
export function logStream(tell: (line: Logged) => void): { write(line: string): void } {
  /** Requests on the way, whose answers are logged without their URL. */
  const requests = new Map<unknown, string>();
  const trouble = new TokenBucket(...TROUBLE);
  return {
    write(line) {
      const entry: unknown = JSON.parse(line);
      if (typeof entry !== 'object' || entry === null) return;
      const told = read(new Map(Object.entries(entry)), requests);
      if (told !== undefined && (told.level === 'info' || trouble.take())) tell(told);
    },
  };
}

function read(
  entry: ReadonlyMap<string, unknown>,
  requests: Map<unknown, string>,
): Logged | undefined {
  const id = entry.get('reqId');
  const level = Number(entry.get('level'));
  const request = field(entry.get('req'), 'url');
  if (request !== undefined) {
    const [oldest] = requests.keys();
    if (requests.size >= MAX_REQUESTS) requests.delete(oldest);
    requests.set(id, `${field(entry.get('req'), 'method')} ${printablePath(String(request))}`);
  }
  const status = field(entry.get('res'), 'statusCode');
  const name = requests.get(id);
  if (status !== undefined) requests.delete(id);
  if (level >= WARNING) {
    const message = field(entry.get('err'), 'message');
    const isOther = message === undefined;
    const text = isOther ? printableLine(entry.get('msg')) : printable(inOneLine(message));
    const where = name === undefined ? '' : `${name}: `;
    return { type: 'log', level: level >= ERROR ? 'error' : 'warning', text: `${where}${text}` };
  }
  if (status === undefined || name === undefined) return undefined;
  const time = Math.round(Number(entry.get('responseTime')));
  return { type: 'log', level: 'info', text: `${name} ${status}, ${time} ms` };
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
