import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PageNotices } from '../../plugins/tabs/page-notices.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('what a page logs becomes one line that is complete by itself', () => {
  const notices = new PageNotices();
  const text = 'x is not defined';
  expect(notices.of('/a?b', { kind: 'script-error', text })).toEqual({
    kind: 'script-error',
    page: '/a',
    text: 'Script error in /a: "x is not defined"',
  });
  expect(notices.of('/a', { kind: 'failed-request', text: 'GET /b 404' })?.text).toBe(
    'Failed request in /a: "GET /b 404"',
  );
  expect(notices.of('/a', { kind: 'no-reload', text: 'connect-src' })?.text).toBe(
    '/a cannot reload: "connect-src"',
  );
});

it('Q3: nothing of a client gets through that a terminal could act on', () => {
  const notices = new PageNotices();
  const text = `\u001b]0;owned\u0007\r\n\u202e${'x'.repeat(500)}`;
  const notice = notices.of(`/${'p'.repeat(2000)}`, { kind: 'script-error', text });
  expect(notice?.text).toMatch(/^[\x20-\x7e…]{1,440}$/);
  expect(notice?.page).toHaveLength(200);
});

it('each page and text has its line once, whatever the query', () => {
  const notices = new PageNotices();
  const entry = { kind: 'script-error', text: 'a' } as const;
  const lines = ['/a', '/a?1', '/a?2', '/b', '/b'].map((page) => notices.of(page, entry)?.text);
  expect(lines.filter(Boolean)).toHaveLength(2);
});

it('a page that fails in a loop gets a few lines a second, and no memory', () => {
  const notices = new PageNotices();
  let [count, lines] = [0, 0];
  const fail = () => {
    const text = `failure ${count++}`;
    if (notices.of('/a', { kind: 'script-error', text }) !== undefined) lines += 1;
  };
  for (let time = 0; time < 1000; time++) fail();
  expect(lines).toBe(10);
  for (let time = 0; time < 1000; time++) {
    vi.advanceTimersByTime(10);
    fail();
  }
  expect(lines).toBeGreaterThanOrEqual(55);
  expect(lines).toBeLessThanOrEqual(61);
});

it('a line that there was no room for may come later', () => {
  const notices = new PageNotices();
  const of = (text: string) => notices.of('/a', { kind: 'script-error', text });
  for (let count = 0; count < 10; count++) of(`${count}`);
  expect(of('late')).toBeUndefined();
  vi.advanceTimersByTime(1000);
  expect(of('late')).toBeDefined();
});
