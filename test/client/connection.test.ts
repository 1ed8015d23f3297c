import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection } from '../../client/connection.ts';
import type { Transport } from '../../client/protocol.ts';
import type { Open, TransportListener } from '../../client/transports.ts';

interface Attempt {
  readonly transport: Transport;
  readonly cursor: string | null;
  readonly listener: TransportListener;
  isOpen: boolean;
}

function connect(transports: readonly Transport[] = ['sse', 'websocket'], cursor = 'a-1') {
  const attempts: Attempt[] = [];
  const opener =
    (transport: Transport): Open =>
    (url, listener) => {
      const cursor = url.searchParams.get('lastEventId');
      const attempt: Attempt = { transport, cursor, listener, isOpen: true };
      attempts.push(attempt);
      return () => {
        attempt.isOpen = false;
      };
    };
  const listener = { frame: vi.fn(), reconnecting: vi.fn(), proven: vi.fn() };
  const options = { events: '/events', transports, base: '/' };
  const open = { sse: opener('sse'), websocket: opener('websocket') };
  const connection = new Connection(options, cursor, listener, open);
  const last = (): Attempt => {
    const attempt = attempts.at(-1);
    if (!attempt) throw new Error('no attempt was made');
    return attempt;
  };
  const tried = () => attempts.map(({ transport }) => transport);
  return { connection, listener, attempts, last, tried };
}

const frame = (id: string) => ({ id, event: 'dev-serve:position', data: '{"recovered":true}' });

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('location', { href: 'http://127.0.0.1/', host: '127.0.0.1' });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a connection', () => {
  it('resumes with its cursor and stays where its first frame came', () => {
    const { last, tried, listener } = connect();
    last().listener.frame(frame('a-1'));
    vi.advanceTimersByTime(60_000);
    expect(tried()).toEqual(['sse']);
    expect(last().cursor).toBe('a-1');
    expect(listener.proven).toHaveBeenCalledExactlyOnceWith('sse');
  });

  it('goes to WebSocket when no frame came for 3 s, and lets go of the first stream', () => {
    const { attempts, tried, listener } = connect();
    vi.advanceTimersByTime(2999);
    expect(tried()).toEqual(['sse']);
    vi.advanceTimersByTime(2);
    expect(tried()).toEqual(['sse', 'websocket']);
    expect(attempts[0]?.isOpen).toBe(false);
    attempts[0]?.listener.frame(frame('a-7'));
    expect(listener.frame).not.toHaveBeenCalled();
  });

  it('goes to WebSocket at once when the event stream gave up, from the last id seen', () => {
    const { last, tried } = connect();
    last().listener.frame(frame('a-5'));
    last().listener.lost(true);
    last().listener.lost(false);
    vi.advanceTimersByTime(0);
    expect(tried()).toEqual(['sse', 'websocket']);
    expect(last().cursor).toBe('a-5');
  });

  it('lets an event stream that worked reconnect by itself', () => {
    const { last, tried, listener } = connect();
    last().listener.frame(frame('a-5'));
    for (let error = 0; error < 10; error++) {
      last().listener.lost(true);
      vi.advanceTimersByTime(3100);
    }
    expect(tried()).toEqual(['sse']);
    expect(listener.reconnecting).toHaveBeenCalledOnce();
  });

  it('goes back to the event stream, not at once, when WebSocket does not work either', () => {
    const { last, tried } = connect();
    last().listener.lost(false);
    vi.advanceTimersByTime(0);
    last().listener.lost(false);
    vi.advanceTimersByTime(499);
    expect(tried()).toEqual(['sse', 'websocket']);
    vi.advanceTimersByTime(501);
    expect(tried()).toEqual(['sse', 'websocket', 'sse']);
  });

  it('prefers the transport that worked', () => {
    const { last, tried, listener } = connect();
    vi.advanceTimersByTime(3001);
    last().listener.frame(frame('a-2'));
    expect(listener.proven).toHaveBeenCalledExactlyOnceWith('websocket');
    last().listener.lost(false);
    vi.advanceTimersByTime(1000);
    last().listener.lost(false);
    vi.advanceTimersByTime(1000);
    // The server is away: an event stream would try on for ever, where it never worked.
    last().listener.lost(true);
    vi.advanceTimersByTime(1000);
    expect(tried()).toEqual(['sse', 'websocket', 'websocket', 'sse', 'websocket']);
  });

  it('waits for a slow first frame when there is nothing to fall back on', () => {
    const { last, tried } = connect(['sse']);
    vi.advanceTimersByTime(60_000);
    expect(tried()).toEqual(['sse']);
    last().listener.lost(false);
    vi.advanceTimersByTime(1000);
    expect(tried()).toEqual(['sse', 'sse']);
  });

  it('asks less often where nothing has worked for long, though not ever more seldom', () => {
    const { last, tried } = connect();
    const timeForAttempts = (attempts: number): number => {
      const start = Date.now();
      for (let attempt = 0; attempt < attempts; attempt++) {
        last().listener.lost(false);
        vi.advanceTimersToNextTimer();
      }
      return Date.now() - start;
    };
    expect(timeForAttempts(4)).toBeLessThanOrEqual(2000);
    timeForAttempts(20);
    const later = timeForAttempts(4);
    expect(later).toBeGreaterThanOrEqual(4000);
    expect(later).toBeLessThanOrEqual(8000);
    expect(tried()).toHaveLength(29);
  });

  it('does nothing any more once it is closed', () => {
    const { connection, attempts, tried, listener, last } = connect();
    connection.close();
    expect(last().isOpen).toBe(false);
    attempts[0]?.listener.lost(false);
    attempts[0]?.listener.frame(frame('a-2'));
    vi.advanceTimersByTime(60_000);
    expect(tried()).toEqual(['sse']);
    expect(listener.frame).not.toHaveBeenCalled();
  });
});
