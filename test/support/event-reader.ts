import { get, type IncomingMessage } from 'node:http';
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
export const openSSE: OpenReader = (url, lastEventId, { onEvent, onClose }) => {
  const parser = createParser({
    onEvent: ({ id = '', event = 'message', data }) => onEvent({ id, event, data }),
  });
  let response: IncomingMessage | undefined;
  let paused = false;
  const headers = {
    accept: 'text/event-stream',
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
  };
  const request = get(url, { headers, agent: false }, (message) => {
    response = message.setEncoding('utf8');
    message.on('data', (chunk: string) => parser.feed(chunk));
    message.on('error', () => {});
    if (paused) message.pause();
  });
  request.on('error', () => {});
  request.once('close', onClose);
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
};

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
