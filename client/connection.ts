import type { Frame, Options, Transport } from './protocol.ts';
import { type Open, transports } from './transports.ts';

/** A proxy that buffers lets a stream open but holds its first frame back: not for longer. */
const FIRST_FRAME_MS = 3000;
/** How long an EventSource itself waits before it tries again, where the server does not say. */
const NATIVE_RETRY_MS = 3000;

export interface ConnectionListener {
  frame(frame: Frame): void;
  /** The stream broke and is being opened again; the next frame is a position. */
  reconnecting(): void;
  /** The first frame came over this transport. */
  proven(transport: Transport): void;
}

/** One stream of frames, on whichever transport works, resumed after the last frame seen. */
export class Connection {
  readonly #options: Options;
  readonly #listener: ConnectionListener;
  readonly #open: Record<Transport, Open>;
  readonly #blocked = new Set<string>();
  #cursor: string | undefined;
  #proven: Transport | undefined;
  #live = false;
  #attempt = 0;
  #failures = 0;
  #stop: () => void = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    options: Options,
    cursor: string | undefined,
    listener: ConnectionListener,
    open: Record<Transport, Open> = transports,
  ) {
    this.#options = options;
    this.#cursor = cursor;
    this.#listener = listener;
    this.#open = open;
    globalThis.addEventListener?.('securitypolicyviolation', this.#violation);
    const [first] = options.transports;
    if (first) this.#start(first);
  }

  close(): void {
    globalThis.removeEventListener?.('securitypolicyviolation', this.#violation);
    this.#end();
  }

  #end(): void {
    this.#attempt++;
    clearTimeout(this.#timer);
    this.#stop();
    this.#stop = () => {};
  }

  #start(transport: Transport): void {
    this.#end();
    const attempt = this.#attempt;
    const suffix = transport === 'websocket' ? '/ws' : '';
    const url = new URL(this.#options.events + suffix, location.href);
    if (this.#cursor) url.searchParams.set('lastEventId', this.#cursor);
    this.#watch(transport, FIRST_FRAME_MS);
    try {
      this.#stop = this.#open[transport](url, {
        frame: (frame) => attempt === this.#attempt && this.#receive(transport, frame),
        lost: (retries) => attempt === this.#attempt && this.#lost(transport, retries),
      });
    } catch {
      this.#fail(transport, false);
    }
  }

  #receive(transport: Transport, frame: Frame): void {
    clearTimeout(this.#timer);
    this.#failures = 0;
    if (!this.#live || this.#proven !== transport) {
      this.#live = true;
      this.#proven = transport;
      this.#listener.proven(transport);
    }
    if (frame.id) this.#cursor = frame.id;
    this.#listener.frame(frame);
  }

  #lost(transport: Transport, retries: boolean): void {
    const worked = this.#live;
    this.#live = false;
    if (worked) this.#listener.reconnecting();
    // Where only the other transport ever worked, waiting for this one is waiting in vain.
    if (retries && (this.#proven ?? transport) === transport) {
      this.#watch(transport, NATIVE_RETRY_MS + FIRST_FRAME_MS);
    } else {
      this.#fail(transport, worked);
    }
  }

  /** With nothing to fall back on a slow first frame is better than none. */
  #watch(transport: Transport, delay: number): void {
    clearTimeout(this.#timer);
    if (this.#options.transports.length < 2) return;
    this.#timer = setTimeout(() => this.#fail(transport, false), delay);
  }

  #fail(transport: Transport, worked: boolean): void {
    this.#end();
    const other = this.#options.transports.find((candidate) => candidate !== transport);
    const next = worked || !other ? transport : other;
    const isFallback = transport === 'sse' && next === 'websocket';
    // Where neither transport works for long, as under another server, asking slows down.
    const slowdown = 2 ** Math.min(this.#failures++ >> 2, 2);
    const delay = isFallback ? 0 : (500 + Math.random() * 500) * slowdown;
    this.#timer = setTimeout(() => this.#start(next), delay);
  }

  /** A page whose policy forbids every transport is told once, not once per attempt. */
  #violation = ({ blockedURI, effectiveDirective }: SecurityPolicyViolationEvent): void => {
    if (effectiveDirective !== 'connect-src') return;
    const { host, pathname, protocol } = new URL(blockedURI, location.href);
    if (host !== location.host || !pathname.startsWith(this.#options.events)) return;
    this.#blocked.add(protocol);
    if (this.#blocked.size < this.#options.transports.length) return;
    this.close();
    console.warn("[dev-serve] no live reload: the page's policy needs connect-src 'self'");
  };
}
