import { connect, type Socket } from 'node:net';
import { backoff } from '../../../client/events/backoff.ts';
import { openingRequest, type Transport } from './requests.ts';

export interface HerdSettings {
  readonly port: number;
  readonly path: string;
  readonly transport: Transport;
  /** Reconnection time of the server, in milliseconds. */
  readonly retry: number;
}

/** A position, or an event whose text nothing has to be escaped in: id and text in either order. */
const FRAMES = {
  sse: /data: (?<data>.*)\nid: (?<id>.*)\n\n/g,
  websocket: /\{"id":"(?<id>[^"]*)","event":"[^"]*","data":"(?<data>(?:[^"\\]|\\.)*)"\}/g,
} as const;

/** Stays away as long as it was told: as a browser's EventSource, or as our client with its socket. */
export class HerdClient {
  /** How long it stayed away first, in milliseconds. */
  delay: number | undefined;
  /** Attempts that were refused, because nobody listened. */
  refused = 0;
  /** Attempts that came to any other bad end. */
  readonly errors: string[] = [];
  /** Connections that have got as far as the stream. */
  streams = 0;
  /** The texts of all events, in the order in which they came. */
  readonly texts: string[] = [];
  #lastEventId: string | undefined;
  readonly #settings: HerdSettings;
  #socket: Socket;
  #timer: NodeJS.Timeout | undefined;

  constructor(settings: HerdSettings) {
    this.#settings = settings;
    this.#socket = this.#connect(settings.retry);
  }

  leave(): void {
    clearTimeout(this.#timer);
    this.#socket.removeAllListeners('close').destroy();
  }

  #connect(retry: number): Socket {
    const { port, path, transport } = this.#settings;
    let head = '';
    let rest = '';
    let told = retry;
    const socket = connect(port, '127.0.0.1');
    socket.write(openingRequest(transport, path, this.#lastEventId));
    socket.setEncoding('latin1').on('data', (text: string) => {
      // All that matters is in its beginning; and in its end, when a server closes.
      const before = head;
      head = `${head}${text}`.slice(0, 4096);
      told = Number(/retry: (\d+)\n/.exec(text)?.[1] ?? told);
      if (before === '' && /^HTTP\/1\.1 (?:200|101) /.test(head)) this.streams += 1;
      else if (before === '') this.errors.push(head.slice(0, 100));
      rest = this.#read(rest + text);
    });
    socket.on('error', (error) => {
      if ('code' in error && error.code === 'ECONNREFUSED') this.refused += 1;
      else if (head === '') this.errors.push(error.message);
    });
    socket.once('close', () => {
      const delay = transport === 'sse' ? told : backoff(0, this.#settings.retry);
      if (head !== '') this.delay ??= delay;
      this.#timer = setTimeout(() => {
        this.#socket = this.#connect(told);
      }, delay);
    });
    return socket;
  }

  /** Takes every whole frame; @returns what is left behind the last one. */
  #read(text: string): string {
    let end = 0;
    for (const { index, 0: frame, groups } of text.matchAll(FRAMES[this.#settings.transport])) {
      end = index + frame.length;
      this.#lastEventId = groups?.id;
      const data = groups?.data ?? '';
      if (!data.startsWith('{')) this.texts.push(data);
    }
    return text.slice(end);
  }
}
