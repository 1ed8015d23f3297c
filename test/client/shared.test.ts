import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TabMessage, WorkerMessage } from '../../client/messages.ts';
import { openStream } from '../../client/shared.ts';

interface ScriptedPort {
  onmessage: ((event: { data: WorkerMessage }) => void) | null;
  postMessage(message: TabMessage): void;
  close(): void;
}

/** A worker that says what the test wants it to say: a dead one cannot be had for real in time. */
class ScriptedWorker {
  static readonly started: ScriptedWorker[] = [];
  readonly heard: TabMessage[] = [];
  isClosed = false;
  onerror: (() => void) | null = null;
  readonly port: ScriptedPort = {
    onmessage: null,
    postMessage: (message) => void this.heard.push(message),
    close: () => {
      this.isClosed = true;
    },
  };

  constructor() {
    ScriptedWorker.started.push(this);
  }

  say(...messages: WorkerMessage[]): void {
    for (const data of messages) this.port.onmessage?.({ data });
  }
}

/** Remembers the streams that were opened, and never says anything. */
class SilentEventSource {
  static readonly urls: string[] = [];

  constructor(url: URL) {
    SilentEventSource.urls.push(url.pathname + url.search);
  }

  addEventListener(): void {}
  close(): void {}
}

const frame = (id: string): WorkerMessage => ({
  type: 'frame',
  frame: { id, event: 'message', data: '{}' },
});

function open() {
  const seen: string[] = [];
  const options = { events: '/events', base: '/', script: '/client.js', name: 'test' };
  const stream = openStream(
    { ...options, transports: ['sse'] },
    { cursor: 'a-1' },
    { frame: ({ id }) => void seen.push(id), proven: () => {} },
  );
  const worker = (): ScriptedWorker => {
    const last = ScriptedWorker.started.at(-1);
    if (!last) throw new Error('no worker was started');
    return last;
  };
  return { stream, seen, worker, first: worker() };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('SharedWorker', ScriptedWorker);
  vi.stubGlobal('EventSource', SilentEventSource);
  vi.stubGlobal('location', { href: 'http://127.0.0.1/', host: '127.0.0.1' });
  ScriptedWorker.started.length = SilentEventSource.urls.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a tab at a shared worker', () => {
  it('answers each ping with the last id that it saw', () => {
    const { first, seen } = open();
    first.say({ type: 'ping' }, frame('a-2'), { type: 'ping' });
    expect(first.heard).toEqual([
      { type: 'here', cursor: 'a-1' },
      { type: 'here', cursor: 'a-2' },
    ]);
    expect(seen).toEqual(['a-2']);
  });

  it('opens a stream of its own when the worker has nothing to say', () => {
    const { first } = open();
    vi.advanceTimersByTime(5000);
    expect(first.isClosed).toBe(true);
    expect(SilentEventSource.urls).toEqual(['/events?lastEventId=a-1']);
  });

  it('opens a stream of its own when the worker does not load', () => {
    const { first } = open();
    first.onerror?.();
    expect(SilentEventSource.urls).toEqual(['/events?lastEventId=a-1']);
  });

  it('opens a stream of its own, where it is, when the worker does not reach back to it', () => {
    const { first } = open();
    first.say(frame('a-2'), { type: 'behind' });
    expect(SilentEventSource.urls).toEqual(['/events?lastEventId=a-2']);
    expect(first.heard).toEqual([{ type: 'bye' }]);
  });

  it('asks for another worker when its worker has fallen silent', () => {
    const { first, worker, seen } = open();
    first.say({ type: 'ping' }, frame('a-2'));
    vi.advanceTimersByTime(4999);
    expect(worker()).toBe(first);
    vi.advanceTimersByTime(1);
    expect(worker()).not.toBe(first);
    worker().say({ type: 'ping' }, frame('a-3'));
    expect(worker().heard).toEqual([{ type: 'here', cursor: 'a-2' }]);
    expect(seen).toEqual(['a-2', 'a-3']);
    expect(SilentEventSource.urls).toEqual([]);
  });

  it('says goodbye and is not called any more once it is closed', () => {
    const { stream, first, seen } = open();
    stream.close();
    first.say(frame('a-2'));
    vi.advanceTimersByTime(60_000);
    expect(first.heard).toEqual([{ type: 'bye' }]);
    expect(seen).toEqual([]);
    expect(SilentEventSource.urls).toEqual([]);
  });
});
