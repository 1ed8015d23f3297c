import { describe, expect, it } from 'vitest';
import { logStream } from '../../server/cli/log-stream.ts';

/** What is told of these entries of a log. */
function told(entries: readonly object[]): readonly string[] {
  const lines: string[] = [];
  const stream = logStream(({ level, text }) => lines.push(`${level}: ${text}`));
  for (const entry of entries) stream.write(JSON.stringify(entry));
  return lines;
}

const times = (count: number, entry: object) => Array.from({ length: count }, () => entry);

describe('the log in the terminal', () => {
  it('tells of errors ten times at once, however many clients bring about', () => {
    const begin = performance.now();
    const lines = told(times(2000, { level: 50, msg: 'no file', err: { message: 'EMFILE' } }));
    const seconds = Math.floor((performance.now() - begin) / 1000);
    expect(new Set(lines)).toEqual(new Set(['error: EMFILE']));
    expect(lines.length).toBeGreaterThanOrEqual(10);
    expect(lines.length).toBeLessThanOrEqual(11 + seconds);
  });

  it('names each request, where it is asked to', () => {
    const entries = Array.from({ length: 50 }, (_, index) => [
      { level: 30, reqId: index, req: { method: 'GET', url: `/${index}` } },
      { level: 30, reqId: index, res: { statusCode: 200 }, responseTime: 1 },
    ]);
    expect(told(entries.flat())).toHaveLength(50);
  });
});
