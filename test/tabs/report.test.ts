import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReport } from '../../plugins/tabs/report.ts';

const sender = { tab: 'abcd-1234', page: '/docs/?a=b' };
const parse = (value: unknown) => parseReport(JSON.stringify(value));
const reasonOf = (value: unknown) => {
  const report = parse(value);
  return report.type === 'malformed' ? report.reason : undefined;
};

describe('a report', () => {
  it('tells of a page that opens, with its title and what is in it', () => {
    expect(parse({ ...sender, type: 'open', title: 'Docs', build: 5 })).toEqual({
      ...sender,
      type: 'open',
      title: 'Docs',
      build: 5,
    });
    expect(parse({ ...sender, type: 'open', title: 7, build: '5' })).toEqual({
      ...sender,
      type: 'open',
      title: '',
      build: undefined,
    });
  });

  it('tells of one that closes', () => {
    expect(parse({ ...sender, type: 'close', more: 1 })).toEqual({ ...sender, type: 'close' });
  });

  it('tells what was done about changes', () => {
    const changes = [
      { timestamp: 1, act: 'swap' },
      { timestamp: 2, act: 'reload', ago: 300 },
      { timestamp: 3, act: 'none' },
    ];
    expect(parse({ ...sender, type: 'done', changes })).toEqual({
      ...sender,
      type: 'done',
      changes,
    });
    const odd = ['1', -1, 0.5, null].map((ago) => ({ timestamp: 3, act: 'none', ago }));
    expect(parse({ ...sender, type: 'done', changes: odd })).toEqual({
      ...sender,
      type: 'done',
      changes: odd.map(() => ({ timestamp: 3, act: 'none' })),
    });
  });

  it('tells what went wrong', () => {
    const entries = [
      { kind: 'script-error', text: 'a' },
      { kind: 'failed-request', text: 'b' },
      { kind: 'no-reload', text: 'c' },
    ];
    expect(parse({ ...sender, type: 'log', entries })).toEqual({ ...sender, type: 'log', entries });
  });
});

describe('what is too long', () => {
  it('is cut where it is text', () => {
    const open = parse({
      tab: sender.tab,
      page: `/${'p'.repeat(9000)}`,
      type: 'open',
      title: 't'.repeat(9000),
    });
    expect(open).toMatchObject({ page: `/${'p'.repeat(2047)}`, title: 't'.repeat(500) });
    const entries = [{ kind: 'no-reload', text: 'x'.repeat(501) }];
    expect(parse({ ...sender, type: 'log', entries })).toMatchObject({
      entries: [{ text: 'x'.repeat(500) }],
    });
  });

  it('is refused where it is a list', () => {
    const done = (length: number) => ({
      ...sender,
      type: 'done',
      changes: Array.from({ length }, (_, timestamp) => ({ timestamp, act: 'none' })),
    });
    expect(reasonOf(done(1000))).toBeUndefined();
    expect(reasonOf(done(1001))).toContain('changes');
    const log = (length: number) => ({
      ...sender,
      type: 'log',
      entries: Array.from({ length }, () => ({ kind: 'no-reload', text: '' })),
    });
    expect(reasonOf(log(20))).toBeUndefined();
    expect(reasonOf(log(21))).toContain('entries');
  });
});

it.each([
  ['nothing', undefined],
  ['null', null],
  ['a list', [sender]],
  ['a text', 'close'],
  ['a tab that is no id', { ...sender, tab: 'short', type: 'close' }],
  ['an id of other characters', { ...sender, tab: '../../etc/passwd', type: 'close' }],
  ['an id that is too long', { ...sender, tab: 'a'.repeat(65), type: 'close' }],
  ['an id with a line end', { ...sender, tab: 'abcd-1234\n', type: 'close' }],
  ['an id that is a list', { ...sender, tab: ['abcd-1234'], type: 'close' }],
  ['no page', { tab: sender.tab, type: 'close' }],
  ['a page that is no path', { ...sender, page: 'https://evil.example/', type: 'close' }],
  ['no type', sender],
  ['an unknown type', { ...sender, type: '__proto__' }],
  ['no changes', { ...sender, type: 'done' }],
  ['an empty list', { ...sender, type: 'done', changes: [] }],
  ['a list that is an object', { ...sender, type: 'done', changes: { length: 1 } }],
  ['an unknown act', { ...sender, type: 'done', changes: [{ timestamp: 1, act: 'toString' }] }],
  ['one bad of two', { ...sender, type: 'done', changes: [{ timestamp: 1, act: 'none' }, null] }],
  ['a fraction of time', { ...sender, type: 'done', changes: [{ timestamp: 0.5, act: 'none' }] }],
  ['no exact time', { ...sender, type: 'done', changes: [{ timestamp: 2 ** 60, act: 'none' }] }],
  ['a time before time', { ...sender, type: 'done', changes: [{ timestamp: -1, act: 'none' }] }],
  ['an unknown kind', { ...sender, type: 'log', entries: [{ kind: 'upstream', text: '' }] }],
  ['an entry without text', { ...sender, type: 'log', entries: [{ kind: 'no-reload' }] }],
])('%s is no report', (_name, value) => {
  expect(reasonOf(value)).toMatch(/^".+" must be /);
});

it('a page never holds more than visible ASCII, so that it may stand in any output', () => {
  const evil = '/\u001b[31m\u202eü\u0000\ud800 \n<b>';
  const report = parse({ tab: sender.tab, page: evil, type: 'close' });
  expect(report).toMatchObject({
    page: '/%1b[31m%e2%80%ae%c3%bc%00%ef%bf%bd%20%0a<b>',
  });
  fc.assert(
    fc.property(fc.array(fc.nat(0xffff)), (units) => {
      const text = String.fromCharCode(...units);
      const report = parse({ ...sender, page: `/${text}`, type: 'close' });
      expect(report.type === 'close' && report.page).toMatch(/^\/[\x21-\x7e]{0,2047}$/);
    }),
  );
});

it('any text is either a report or has a reason', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(anything, (text) => void expect(parseReport(text).type).toBeTypeOf('string')),
  );
  const nearly = fc.record(
    {
      tab: fc.oneof(fc.constant(sender.tab), fc.jsonValue()),
      page: fc.oneof(fc.constant('/'), fc.jsonValue()),
      type: fc.oneof(fc.constantFrom('open', 'close', 'done', 'log'), fc.jsonValue()),
      title: fc.jsonValue(),
      build: fc.jsonValue(),
      changes: fc.oneof(
        fc.jsonValue(),
        fc.array(fc.record({ timestamp: fc.jsonValue(), act: fc.jsonValue() })),
      ),
      entries: fc.oneof(
        fc.jsonValue(),
        fc.array(fc.record({ kind: fc.jsonValue(), text: fc.jsonValue() })),
      ),
    },
    { requiredKeys: [] },
  );
  fc.assert(fc.property(nearly, (value) => void expect(parse(value).type).toBeTypeOf('string')));
});
