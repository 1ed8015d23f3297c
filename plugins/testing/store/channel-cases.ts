import assert from 'node:assert/strict';
import { beginning, follow, range, readAll, type StoreCase, seqs, text } from './context.ts';

// Names that a key made by joining strings would mix up, and all a channel name may hold.
const NAMES = [
  'a',
  'aa',
  'a:',
  'a:a',
  ':a',
  'a-1',
  'a/1',
  'a*',
  'a?[b]',
  'A',
  ' a',
  'a ',
  ' ',
  '{a}',
  'a}{b',
  'a|b,c;d',
  'a\\b',
  '"quoted"',
  '\u2028',
  '\uffff',
  '\uffff\uffff',
  'a\uffff',
  '\u{10ffff}',
  'é',
  'e\u0301',
  '日本',
  '😀',
  '0',
  '1',
  '__proto__',
  'constructor',
  'x'.repeat(254),
  'x'.repeat(255),
  `${'x'.repeat(254)}y`,
  '\uffff'.repeat(85),
  '😀'.repeat(63),
];

export const channelCases: readonly StoreCase[] = [
  {
    name: 'channels are kept apart whatever their names',
    async run(context) {
      const store = await context.open();
      const { entries, tail } = await follow(store);
      const appends = [...NAMES, ...NAMES].map((name) => store.append(name, text(name)));
      await Promise.all(appends);
      assert.deepEqual(
        entries.map(({ channel }) => channel),
        [...NAMES, ...NAMES],
      );
      for (const [index, name] of NAMES.entries()) {
        const page = await store.read(name, beginning(tail), 10);
        assert.deepEqual(
          page.entries.map(({ channel, data }) => [channel, data]),
          [
            [name, name],
            [name, name],
          ],
          `entries of ${JSON.stringify(name)}`,
        );
        assert.deepEqual(seqs(page.entries), [index + 1, NAMES.length + index + 1]);
        assert.equal(page.gap, false);
      }
    },
  },
  {
    name: 'a channel that is a part of the name of another is empty',
    async run(context) {
      const store = await context.open();
      const { tail } = await follow(store);
      await store.append('news/world', text('x'));
      for (const name of ['news', 'news/', 'news/worl', 'news/world2', 'world', '*', 'news/*']) {
        const page = await store.read(name, beginning(tail), 10);
        assert.deepEqual(page, { entries: [], gap: false });
      }
    },
  },
  {
    name: 'a thousand channels each have their own entries under one numbering',
    async run(context) {
      const store = await context.open();
      const { entries, tail } = await follow(store);
      const appends = range(0, 1999).map((n) => store.append(`channel-${n % 1000}`, text(n)));
      assert.deepEqual(seqs(await Promise.all(appends)), range(1, 2000));
      assert.deepEqual(seqs(entries), range(1, 2000));
      for (const n of [0, 1, 499, 998, 999]) {
        const kept = await readAll(store, `channel-${n}`, beginning(tail));
        assert.deepEqual(seqs(kept), [n + 1, n + 1001]);
      }
    },
  },
];
