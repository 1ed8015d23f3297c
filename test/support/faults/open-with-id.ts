import { get } from 'node:http';
import { createParser } from 'eventsource-parser';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Received } from '../contiguity.ts';

/** The ways in which a client says where it was. */
export const ways = [
  { transport: 'http', by: 'header' },
  { transport: 'http', by: 'query' },
  { transport: 'ws', by: 'header' },
  { transport: 'ws', by: 'query' },
] as const;

export type Way = (typeof ways)[number];

/** What came back, up to now. */
export interface Opened {
  /** 101 for an open WebSocket. */
  readonly status: number;
  readonly received: readonly Received[];
}

/** Whether a client could send the id like that: header values hold no control characters. */
export function canSend({ by }: Way, id: string): boolean {
  return by === 'query' || (/^[\x20-\x7e\x80-\xff]*$/.test(id) && id.trim() === id);
}

/** Opens a stream with an id, one byte per character; resolves once the head of the answer is here. */
export function openWithId(url: string, { transport, by }: Way, id: string): Promise<Opened> {
  const bytes = [...Buffer.from(id, 'latin1')];
  const encoded = bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  const query = by === 'query' ? `?lastEventId=${encoded}` : '';
  const headers = by === 'header' ? { 'last-event-id': id } : {};
  const open = transport === 'http' ? openResponse : openSocket;
  return open(`${url}${query}`, headers);
}

function openResponse(url: string, headers: Record<string, string>): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const received: Received[] = [];
    const parser = createParser({
      onEvent: ({ id = '', event = 'message', data }) => received.push({ id, event, data }),
    });
    const request = get(url, { headers, agent: false }, (response) => {
      response.setEncoding('utf8').on('data', (text: string) => parser.feed(text));
      response.on('error', () => {});
      resolve({ status: response.statusCode ?? 0, received });
    });
    request.on('error', reject);
    onTestFinished(() => void request.destroy());
  });
}

function openSocket(url: string, headers: Record<string, string>): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const received: Received[] = [];
    const [path = '', query] = url.split('?');
    const address = `${path}/ws${query === undefined ? '' : `?${query}`}`;
    const socket = new WebSocket(address, 'dev-serve', { headers });
    socket.on('message', (data) => received.push(JSON.parse(data.toString())));
    socket.on('open', () => resolve({ status: 101, received }));
    socket.on('unexpected-response', (request, { statusCode = 0 }) => {
      request.destroy();
      resolve({ status: statusCode, received });
    });
    socket.on('error', reject);
    onTestFinished(() => socket.terminate());
  });
}
