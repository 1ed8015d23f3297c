import fc from 'fast-check';
import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../server/cli/desk-event.ts';
import { changeLine, logLine, noticeLine } from '../../server/cli/lines.ts';
import { outcomeText } from '../../server/cli/outcome-text.ts';
import { shortenPath } from '../../server/cli/shorten.ts';

const colors = picocolors.createColors(false);
const wide = { colors, columns: undefined };
const timestamp = new Date(2026, 0, 2, 12, 1, 33).getTime();
const none = { swap: 0, reload: 0, none: 0 };

function outcome(more: Partial<Outcome>): Outcome {
  const base = { type: 'outcome', timestamp, path: '/css/site.css', operation: 'write' } as const;
  return { ...base, tabs: 0, acts: none, sent: null, duration: null, ...more };
}

describe('what came of a change', () => {
  it.each([
    [{ tabs: 0 }, 'no tabs'],
    [
      { tabs: 2, acts: { ...none, swap: 2 }, sent: 5.6, duration: 37.6 },
      '2 tabs: swapped, 38 ms (6 to send)',
    ],
    [
      { tabs: 1, acts: { ...none, reload: 1 }, duration: 120 },
      '1 tab: reloaded, 120 ms after sending',
    ],
    [
      { tabs: 1, acts: { ...none, none: 1 }, sent: 5, duration: 5 },
      '1 tab: unaffected, 5 ms (5 to send)',
    ],
    [{ tabs: 1 }, '1 tab: no answer'],
    [
      { tabs: 5, acts: { swap: 1, reload: 2, none: 1 }, duration: 9 },
      '5 tabs: 1 swapped, 2 reloaded, 1 unaffected, 1 no answer, 9 ms after sending',
    ],
  ])('%j is "%s"', (more, text) => {
    expect(outcomeText(outcome(more))).toBe(text);
  });
});

describe('the line of a change', () => {
  it('has the time, the operation, the path and what came of it', () => {
    const swapped = outcome({ tabs: 2, acts: { ...none, swap: 2 }, sent: 6, duration: 38 });
    expect(changeLine(swapped, wide)).toBe(
      '  12:01:33  write   /css/site.css      2 tabs: swapped, 38 ms (6 to send)',
    );
  });

  it('names both paths of a rename', () => {
    const event = outcome({ operation: 'rename', from: '/a.html', path: '/b.html' });
    expect(changeLine(event, wide)).toContain('rename  /a.html -> /b.html');
  });

  it('Q3: shows names as they are, but nothing that a terminal obeys', () => {
    const shown = (path: string) => changeLine(outcome({ path }), wide);
    expect(shown('/%C3%BCber%20uns.html')).toContain('/über uns.html');
    expect(shown('/%1B%5B2J%0A%E2%80%AEx')).toContain('/\\u{1b}[2J\\u{a}\\u{202e}x');
    expect(shown('/100%')).toContain('/100%');
  });

  it('fits the terminal and keeps what came of it, whatever the paths', () => {
    const path = fc.array(fc.stringMatching(/^[a-z.]{1,40}$/), { minLength: 1, maxLength: 12 });
    const property = fc.property(
      path,
      path,
      fc.boolean(),
      fc.nat(60),
      (to, from, isRename, more) => {
        const columns = 60 + more;
        const names = {
          path: `/${to.join('/')}`,
          ...(isRename ? { from: `/${from.join('/')}` } : {}),
        };
        const line = changeLine(outcome(names), { colors, columns });
        expect(line.length).toBeLessThanOrEqual(columns);
        expect(line).toMatch(/ {3}no tabs$/);
      },
    );
    fc.assert(property);
  });
});

describe('a path that is too long', () => {
  it.each([
    ['/a/b/c.html', 20, '/a/b/c.html'],
    ['/assets/one/two/three/four/name.css', 30, '/assets/…/three/four/name.css'],
    ['/assets/one/two/three/four/name.css', 20, '/assets/…/name.css'],
    ['/assets/one/two/three/four/name.css', 12, '…/name.css'],
    ['/assets/one/two/three/four/name.css', 6, '…e.css'],
    ['/a-very-long-name-without-folders.css', 12, '…folders.css'],
  ])('%s in %i columns is %s', (path, columns, short) => {
    expect(shortenPath(path, columns)).toBe(short);
  });

  it('never takes more columns than it may', () => {
    const property = fc.property(fc.webPath(), fc.integer({ min: 1, max: 60 }), (path, columns) => {
      expect(shortenPath(path, columns).length).toBeLessThanOrEqual(columns);
    });
    fc.assert(property);
  });
});

describe('other lines', () => {
  it('name the page of a notice once', () => {
    const notice = { type: 'notice', kind: 'no-reload', page: '/a.html' } as const;
    const line = '  12:01:33  no reload  /a.html: a policy forbids it';
    expect(noticeLine({ ...notice, text: 'a policy forbids it' }, wide, timestamp)).toBe(line);
    expect(noticeLine({ ...notice, text: '/a.html: a policy forbids it' }, wide, timestamp)).toBe(
      line,
    );
  });

  it('Q3: obey nobody', () => {
    const notice = { type: 'notice', kind: 'script-error', text: 'x\u001b[2J\ny' } as const;
    expect(noticeLine(notice, wide, timestamp)).toBe(
      '  12:01:33  script error  x\\u{1b}[2J\\u{a}y',
    );
    const entry = { type: 'log', level: 'warning', text: 'a\u0007' } as const;
    expect(logLine(entry, wide, timestamp)).toBe('  12:01:33  warning  a\\u{7}');
  });
});
