import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../plugins/events/message.ts';
import { Follower } from '../../../plugins/events/stores/redis/follower.ts';
import { toPage } from '../../../plugins/events/stores/redis/page.ts';
import {
  toAppended,
  toEnd,
  toTailEntry,
  toTailItems,
} from '../../../plugins/events/stores/redis/replies.ts';
import { Waiting } from '../../../plugins/events/stores/redis/waiting.ts';

const bytes = (...texts: string[]) => texts.map((text) => Buffer.from(text));
const item = (id: string, ...fields: string[]) => [Buffer.from(id), bytes(...fields)];
const tailItem = (epoch: string, id: string, data = 'x') =>
  item(id, 'about', `${epoch}   a`, 'bytes', `data: ${data}\nid: ${epoch}-${id.split('-')[0]}\n\n`);

const HOSTILE: unknown[] = [
  undefined,
  null,
  '',
  'text',
  7,
  {},
  [],
  [[]],
  [null, [null]],
  [[null, [[null, null]]]],
  [Buffer.from('key'), 'text'],
  [Buffer.from('key'), [item('x-y')]],
  [Buffer.from('key'), [item('99999999999999999999999-0', 'about', 'e   a')]],
  new Error('x'),
  Symbol('x').description,
];

/** What somebody may put where the bytes of the entry `e-1` are. */
const FOREIGN = [
  '',
  '\n',
  'x',
  'id: e-1\n\n',
  'data: x\n\n',
  'data: x\nid: e-1\n',
  'data: x\nid: e-2\n\n',
  'data: x\n\ndata: y\nid: e-1\n\n',
  'data: x\rdata: y\nid: e-1\n\n',
  'data: x\nretry: 0\nid: e-1\n\n',
  'data: x\nevent: y\nid: e-1\n\n',
  'event: y\nid: e-1\n\n',
  'event: y\nevent: z\ndata: x\nid: e-1\n\n',
  'event: \ndata: x\nid: e-1\n\n',
  'event: a\0\ndata: x\nid: e-1\n\n',
  'event: dev-serve:close\ndata: x\nid: e-1\n\n',
  ': comment\ndata: x\nid: e-1\n\n',
];

describe('E9: what Redis replies', () => {
  it('is read from XREAD in both versions of the protocol', () => {
    const items = [tailItem('e', '1-0'), tailItem('e', '1-1')];
    for (const reply of [[[Buffer.from('key'), items]], [Buffer.from('key'), items]]) {
      const entries = toTailItems(reply).flatMap((each) => toTailEntry(each) ?? []);
      expect(entries.map(({ place }) => place)).toEqual([
        { epoch: 'e', seq: 1, volatiles: 0, mark: '' },
        { epoch: 'e', seq: 1, volatiles: 1, mark: '' },
      ]);
      expect(entries.map(({ entry }) => [entry.id, entry.volatile, entry.data])).toEqual([
        ['e-1', undefined, 'x'],
        ['e-1', true, 'x'],
      ]);
    }
  });

  it.each(HOSTILE)('is no entry, no page and no place when it is %j', (reply) => {
    expect(toTailItems(reply).flatMap((each) => toTailEntry(each) ?? [])).toEqual([]);
    expect(toPage('a', { epoch: 'e', seq: 1 }, reply)).toEqual({ entries: [], gap: true });
    expect(toEnd(reply)).toBeUndefined();
    expect(toAppended(reply)).toBeUndefined();
  });

  it.each([
    tailItem('E!', '1-0'),
    tailItem('', '1-0'),
    tailItem('e\n', '1-0'),
    tailItem('e', '9007199254740993-0'),
    ...FOREIGN.map((wire) => item('1-0', 'about', 'e   a', 'bytes', wire)),
    ...['', 'e', 'e a', 'e  a', 'e x  a', 'e   a', 'e 0123456789abc  a', 'e\n   a'].map((about) =>
      item('1-0', 'about', about, 'bytes', about === 'e   a' ? '' : 'data: x\nid: e-1\n\n'),
    ),
    item('1-0', 'x', 'e   a', 'bytes', 'data: x\nid: e-1\n\n'),
    item('1-0', 'about', 'e   a', 'x', 'data: x\nid: e-1\n\n'),
    item('1-0', 'about', 'e   a'),
    item('1-0', 'about'),
    item('1-0'),
  ])('is no entry of the tail without all that belongs to one: %j', (each) => {
    const [found] = toTailItems([Buffer.from('key'), [each]]);
    expect(found && toTailEntry(found)).toBeUndefined();
  });
});

describe('a page', () => {
  const entry = (seq: number, previous: number) =>
    item(`${seq}-0`, 'previous', `${previous}`, 'bytes', `data: x\nid: e-${seq}\n\n`);
  const page = (seq: number, ...[head, last, forgotten, ...entries]: unknown[]) => {
    const meta = bytes('e', String(head), String(last), String(forgotten));
    const { entries: found, gap, more } = toPage('a', { epoch: 'e', seq }, [...meta, entries]);
    return [found.map((each) => each.seq), gap, ...(more ? ['more'] : [])];
  };

  it('has a gap when the entry before its first one is after the position', () => {
    expect(page(3, 9, 8, 0, entry(5, 3), entry(8, 5))).toEqual([[5, 8], false]);
    expect(page(4, 9, 8, 0, entry(5, 3))).toEqual([[5], false]);
    expect(page(2, 9, 8, 0, entry(5, 3))).toEqual([[5], true]);
  });

  it('ends where an entry is missing, and the next one has the gap', () => {
    expect(page(3, 9, 8, 0, entry(5, 3), entry(8, 6))).toEqual([[5], false, 'more']);
    expect(page(5, 9, 8, 0, entry(8, 6))).toEqual([[8], true]);
  });

  it('is not the end where it has what is none of ours', () => {
    const foreign = item('6-0', 'somebody', 'else');
    expect(page(3, 9, 8, 0, entry(5, 3), foreign)).toEqual([[5], false, 'more']);
    expect(page(3, 9, 8, 0, entry(5, 3), foreign, entry(8, 5))).toEqual([[5, 8], false, 'more']);
  });

  it('without entries has a gap when the channel had any after the position', () => {
    expect(page(8, 9, 8, 0)).toEqual([[], false]);
    expect(page(7, 9, 8, 0)).toEqual([[], true]);
  });

  it('of an unknown channel has a gap when one was forgotten after the position', () => {
    expect(page(5, 9, '', 0)).toEqual([[], false]);
    expect(page(5, 9, '', 5)).toEqual([[], false]);
    expect(page(5, 9, '', 6)).toEqual([[], true]);
  });

  it('from beyond the head is a gap', () => {
    expect(page(9, 9, 8, 0)).toEqual([[], false]);
    expect(page(10, 9, 8, 0)).toEqual([[], true]);
  });
});

describe('a follower', () => {
  const end = (epoch: string, seq: number, volatiles = 0) => ({ epoch, seq, volatiles, mark: '' });
  function follower() {
    const told: string[] = [];
    const subject = new Follower((entry: Entry) =>
      told.push(`${entry.id}${entry.volatile ? 'v' : ''}`),
    );
    const report = (epoch: string, ...ids: string[]) => {
      for (const each of toTailItems(['', ids.map((id) => tailItem(epoch, id))])) {
        const entry = toTailEntry(each);
        if (entry) subject.report(entry);
      }
    };
    return { told, subject, report };
  }

  it('is told of nothing up to the end, also of what was reported before the end was known', () => {
    const { told, subject, report } = follower();
    report('e', '1-0', '2-0', '2-1', '3-0');
    subject.start(end('e', 2, 1), 'e');
    report('e', '3-2', '4-0');
    expect(told).toEqual(['e-3', 'e-3v', 'e-4']);
  });

  it('is not told of an old log that the tail still reads', () => {
    const { told, subject, report } = follower();
    report('old', '7-0');
    subject.start(end('new', 2), 'old');
    report('old', '8-0');
    report('new', '1-0', '2-0', '3-0');
    expect(told).toEqual(['new-3']);
  });

  it('is told of all of the next log', () => {
    const { told, subject, report } = follower();
    subject.start(end('e', 5), 'e');
    report('next', '1-0', '2-0');
    expect(told).toEqual(['next-1', 'next-2']);
  });
});

describe('a publisher that waits for the tail', () => {
  it('goes on when it was reached, left behind in an old log, or released', async () => {
    const waiting = new Waiting();
    const done: string[] = [];
    const wait = (name: string, epoch: string, seq: number, volatiles = 0) =>
      void waiting.until({ epoch, seq, volatiles, mark: '' }).then(() => done.push(name));
    const reach = async (epoch: string, seq: number, volatiles = 0) => {
      waiting.reach({ epoch, seq, volatiles, mark: '' });
      await new Promise((resolve) => setImmediate(resolve));
      return done.splice(0);
    };
    wait('first', 'e', 1);
    wait('volatile', 'e', 1, 1);
    wait('next log', 'f', 1);
    wait('third', 'e', 3);
    expect(await reach('e', 1)).toEqual(['first']);
    wait('already there', 'e', 1);
    expect(await reach('e', 2)).toEqual(['already there', 'volatile']);
    expect(await reach('f', 0)).toEqual(['third']);
    expect(await reach('f', 1)).toEqual(['next log']);
    wait('released', 'f', 9);
    waiting.release();
    expect(await reach('f', 1)).toEqual(['released']);
  });
});
