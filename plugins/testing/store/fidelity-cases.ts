import assert from 'node:assert/strict';
import { encodeEvent, encodeFrame } from '../../events/encode.ts';
import { beginning, follow, plain, readAll, type StoreCase } from './context.ts';

const DATA: Readonly<Record<string, string>> = {
  'empty data': '',
  'a line end alone': '\n',
  'line ends around text': '\n\nlines\n\nand lines\n\n',
  'what looks like fields': 'data: x\nevent: y\nid: z-1\nretry: 5\n: comment\n\n',
  'spaces at the edges': ' \t x \t ',
  'a leading byte order mark': '\ufefftext\ufeff',
  'a NUL and other control characters': 'a\0b\u0001\u001b[31m\u007f\u0085',
  'line separators of Unicode': 'a\u2028b\u2029c\u000bd\u000ce',
  'astral and combining characters': '😀👩‍👩‍👧 e\u0301 \u{10ffff} \uffff\ufffd',
  'right-to-left text': 'שלום \u202e abc',
  'JSON in lines': JSON.stringify({ text: 'a\nb', list: [1, 2, { x: null }] }, null, 2),
  'a megabyte': `${'0123456789abcde\n'.repeat(65_535)}0123456789abcdef`,
  'a megabyte of three bytes each': '\u20ac'.repeat(350_000),
};

const EVENT_TYPES = [
  'message',
  'tick',
  'data',
  'event: x',
  'a: b',
  ':colon',
  ' space ',
  'ünï',
  '\ufeff',
  '😀',
  'message ',
  'x'.repeat(255),
];

const dataCases: StoreCase[] = Object.entries(DATA).map(([title, data]) => ({
  name: `${title} comes back as it went in`,
  async run(context) {
    const store = await context.open();
    const { entries, tail } = await follow(store);
    const appended = await store.append('a', { event: 'tick', data });
    const [kept] = await readAll(store, 'a', beginning(tail));
    const [reported] = entries;
    assert(kept && reported);
    for (const entry of [appended, reported, kept]) {
      assert(entry.data === data, `${entry.data.length} characters instead of ${data.length}`);
      assert.equal(entry.event, 'tick');
    }
  },
}));

export const fidelityCases: readonly StoreCase[] = [
  ...dataCases,
  {
    name: 'event types come back as they went in',
    async run(context) {
      const store = await context.open();
      const { entries, tail } = await follow(store);
      for (const event of EVENT_TYPES) await store.append('a', { event, data: event });
      const kept = await readAll(store, 'a', beginning(tail));
      for (const found of [entries, kept]) {
        assert.deepEqual(
          found.map(({ event, data }) => [event, data]),
          EVENT_TYPES.map((event) => [event, event]),
        );
      }
    },
  },
  {
    name: 'the bytes of an entry are the same from append, in a report and in a page',
    async run(context) {
      const store = await context.open();
      const { entries, tail } = await follow(store);
      const appended = await store.append('a', { event: 'tick', data: 'one\ntwo' });
      const [kept] = await readAll(store, 'a', beginning(tail));
      assert(kept);
      const expected = encodeEvent(plain(appended));
      for (const entry of [appended, kept, ...entries]) {
        assert.equal(encodeFrame(entry).toString(), expected);
      }
    },
  },
  {
    name: 'entries of a page stay what they were when others are read and appended',
    async run(context) {
      const store = await context.open();
      const { tail } = await follow(store);
      await store.append('a', { event: 'tick', data: 'kept' });
      const page = await store.read('a', beginning(tail), 1);
      for (let n = 0; n < 50; n += 1) {
        await store.append('a', { event: 'other', data: String(n).repeat(100) });
        await store.read('a', beginning(tail), 100);
      }
      const [entry] = page.entries;
      assert(entry);
      assert.deepEqual([entry.seq, entry.event, entry.data], [1, 'tick', 'kept']);
      assert.equal(encodeFrame(entry).toString(), encodeEvent(plain(entry)));
    },
  },
];
