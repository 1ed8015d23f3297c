import { get } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { createParser } from 'eventsource-parser';
import { WebSocket } from 'ws';
import type { Received } from './contiguity.ts';

/** One connection to an event stream, read at the pace its owner chooses. */
export interface EventReader {
  pause(): void;
  resume(): void;
  /** Breaks the connection off, as a crash would. */
  kill(): void;
}

export interface ReaderEvents {
  onEvent(event: Received): void;
  onClose(): void;
}

export type OpenReader = (
  url: string,
  lastEventId: string | undefined,
  events: ReaderEvents,
) => EventReader;

/** Reads server-sent events over a socket of its own, through an independent parser. */
export const openSSE: OpenReader = (url, lastEventId, events) =>
  readStream(url, { ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) }, events);

/** The same as a client that takes gzip, from a server that sends it. */
export const openGzipSSE: OpenReader = (url, lastEventId, events) =>
  readStream(
    url,
    {
      'accept-encoding': 'gzip',
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
    events,
  );

function readStream(
  url: string,
  headers: Readonly<Record<string, string>>,
  { onEvent, onClose }: ReaderEvents,
): EventReader {
  const parser = createParser({
    onEvent: ({ id = '', event = 'message', data }) => onEvent({ id, event, data }),
  });
  let gunzip: Gunzip | undefined;
  let response: Readable | undefined;
  let paused = false;
  const all = { accept: 'text/event-stream', ...headers };
  const request = get(url, { headers: all, agent: false }, (message) => {
    message.on('error', () => {});
    const isGzip = message.headers['content-encoding'] === 'gzip';
    if (isGzip !== 'accept-encoding' in headers) throw new Error('not the coding asked for');
    if (isGzip) {
      gunzip = pipeline(message, createGunzip(), () => {});
      // Events may be on their way through it when the request is over.
      gunzip.once('close', onClose);
    }
    response = (gunzip ?? message).setEncoding('utf8');
    response.on('data', (chunk: string) => parser.feed(chunk));
    response.on('error', () => {});
    if (paused) response.pause();
  });
  request.on('error', () => {});
  request.once('close', () => {
    if (gunzip === undefined) onClose();
  });
  return {
    pause() {
      paused = true;
      response?.pause();
    },
    resume() {
      paused = false;
      response?.resume();
    },
    kill: () => request.destroy(),
  };
}

/** Reads the envelopes of the WebSocket route. */
export const openWebSocket: OpenReader = (url, lastEventId, { onEvent, onClose }) => {
  const query = lastEventId === undefined ? '' : `?lastEventId=${lastEventId}`;
  const socket = new WebSocket(`${url}/ws${query}`, 'dev-serve');
  socket.on('message', (data) => onEvent(JSON.parse(data.toString())));
  socket.on('error', () => {});
  socket.once('close', onClose);
  return {
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    kill: () => socket.terminate(),
  };
};
