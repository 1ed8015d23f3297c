import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openConnection } from '../../client/events/connection.ts';
import type { FeedListener } from '../../client/events/feed.ts';

/** What the connection opens, driven by the test as the network would. */
class Source extends EventTarget {
  readonly CLOSED = 2;
  readyState = 0;
  readonly url: URL;
  onopen = (): void => {};
  onerror = (): void => {};
  onmessage = (_event: { data: string }): void => {};
  onclose = (_event: { code: number }): void => {};

  constructor(url: URL) {
    super();
    this.url = url;
    sources.push(this);
  }

  close(): void {
    this.readyState = 2;
  }

  frame(id: string, type = 'dev-serve:position'): void {
    this.readyState = 1;
    const data = '{"recovered":true}';
    this.dispatchEvent(new MessageEvent(type, { data, lastEventId: id }));
  }

  /** @param isForGood as an answer that is no event stream */
  fail(isForGood = false): void {
    this.readyState = isForGood ? 2 : 0;
    this.onerror();
  }
}

let sources: Source[];
beforeEach(() => {
  sources = [];
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', Source);
  vi.stubGlobal('WebSocket', Source);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function open(websocket = 'http://a.example/news/ws') {
  const listener = { frame: vi.fn<FeedListener['frame']>(), failed: vi.fn() };
  const route = {
    url: 'http://a.example/news',
    websocket: websocket || undefined,
    headers: undefined,
  };
  const connection = openConnection(
    { ...route, withCredentials: false },
    '',
    ['dev-serve:position', 'tick'],
    listener,
  );
  const last = (): Source => {
    const source = sources.at(-1);
    if (!source) throw new Error('nothing was opened');
    return source;
  };
  const paths = () => sources.map(({ url }) => url.pathname + url.search);
  return { connection, listener, last, paths };
}

describe('a connection to events', () => {
  it('goes to WebSocket when no frame came in time, and stays there', () => {
    const { last, paths } = open();
    vi.advanceTimersByTime(2999);
    expect(paths()).toEqual(['/news']);
    vi.advanceTimersByTime(2);
    expect(paths()).toEqual(['/news', '/news/ws']);
    last().onmessage({ data: '{"id":"a-1","event":"tick","data":"1"}' });
    last().onclose({ code: 1012 });
    vi.advanceTimersByTime(1500);
    expect(paths()).toEqual(['/news', '/news/ws', '/news/ws?lastEventId=a-1']);
  });

  it('waits for a slow first frame when there is nothing to fall back on', () => {
    const { paths } = open('');
    vi.advanceTimersByTime(600_000);
    expect(paths()).toEqual(['/news']);
  });

  it('leaves the first wait after a break to the source, which knows `retry`', () => {
    const { last, paths, listener } = open();
    last().onopen();
    last().frame('a-5');
    last().fail();
    vi.advanceTimersByTime(600_000);
    expect(paths()).toEqual(['/news']);
    expect(listener.failed).toHaveBeenCalledExactlyOnceWith({});
    last().onopen();
    last().frame('a-6');
    expect(listener.frame).toHaveBeenCalledTimes(2);
  });

  it('waits itself, for longer and longer, when that was in vain', () => {
    const { last, paths, listener } = open();
    last().onopen();
    last().frame('a-5');
    last().fail();
    vi.advanceTimersByTime(4000);
    last().fail();
    vi.advanceTimersByTime(3999);
    expect(paths()).toHaveLength(1);
    vi.advanceTimersByTime(2001);
    expect(paths()).toEqual(['/news', '/news?lastEventId=a-5']);
    last().fail(true);
    expect(listener.failed.mock.lastCall?.[0].retryIn).toBeGreaterThanOrEqual(8000);
  });

  it('leaves every wait to the source where a server sends all away at once', () => {
    const { last, paths } = open();
    for (let time = 0; time < 3; time++) {
      last().onopen();
      last().fail();
      vi.advanceTimersByTime(20_000);
    }
    expect(paths()).toEqual(['/news']);
    // That often, it may as well be a proxy.
    last().onopen();
    last().fail();
    vi.advanceTimersByTime(30_000);
    expect(paths()).toEqual(['/news', '/news/ws']);
  });

  it('opens what gave up again, and goes to the other transport after the third time', () => {
    const { last, paths } = open();
    last().onopen();
    last().frame('a-5');
    for (let time = 0; time < 4; time++) {
      last().fail(true);
      vi.advanceTimersToNextTimer();
    }
    expect(paths().map((path) => path.replace('?lastEventId=a-5', ''))).toEqual([
      '/news',
      '/news',
      '/news',
      '/news',
      '/news/ws',
    ]);
  });

  it('does not wait when there is a reason to hurry, and only then', () => {
    const { connection, last, paths } = open('');
    last().fail(true);
    connection.catchUp();
    expect(paths()).toHaveLength(1);
    connection.hurry();
    expect(paths()).toHaveLength(2);
    connection.hurry();
    expect(paths()).toHaveLength(2);
  });

  it('catches up with a timer that is late', () => {
    const { connection, last, paths } = open('');
    last().fail(true);
    vi.setSystemTime(Date.now() + 60_000);
    connection.catchUp();
    expect(paths()).toHaveLength(2);
  });

  it('hears events of a type that is asked for later, after a break too', () => {
    const { connection, listener, last, paths } = open('');
    last().frame('a-1', 'chat');
    connection.listen('chat');
    last().frame('a-2', 'chat');
    last().fail(true);
    connection.hurry();
    expect(paths()).toEqual(['/news', '/news?lastEventId=a-2']);
    last().frame('a-3', 'chat');
    expect(listener.frame.mock.calls.map(([{ id }]) => id)).toEqual(['a-2', 'a-3']);
  });

  it('does nothing any more once it is closed', () => {
    const { connection, listener, last, paths } = open();
    const source = last();
    connection.close();
    expect(source.readyState).toBe(2);
    source.frame('a-1');
    source.fail(true);
    connection.hurry();
    vi.advanceTimersByTime(600_000);
    expect(paths()).toEqual(['/news']);
    expect(listener.frame).not.toHaveBeenCalled();
    expect(listener.failed).not.toHaveBeenCalled();
  });
});
