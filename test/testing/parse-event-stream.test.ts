import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ParsedEvent, parseEventStream } from '../../plugins/testing/parse-event-stream.ts';

async function parse(pieces: readonly string[]) {
  const events: ParsedEvent[] = [];
  const retries: number[] = [];
  const each = async function* () {
    yield* pieces;
  };
  for await (const event of parseEventStream(each(), (retry) => retries.push(retry))) {
    events.push(event);
  }
  return { events, retries };
}

describe('a text/event-stream', () => {
  it.each([
    ['comments and unknown fields', ': hi\nfoo: bar\ndata: 1\n\n', [['message', '', '1']]],
    ['one space after the colon', 'data:  x\ndata:y\ndata\n\n', [['message', '', ' x\ny\n']]],
    ['no event without data', 'event: a\nid: 1\n\ndata: 2\n\n', [['message', '1', '2']]],
    ['an event with one empty line of data', 'data\n\n', [['message', '', '']]],
    [
      'ids that stay and end',
      'id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n',
      [
        ['message', '1', 'a'],
        ['message', '1', 'b'],
        ['message', '', 'c'],
      ],
    ],
    ['no id with a NULL', 'id: 1\u0000\ndata: a\n\n', [['message', '', 'a']]],
    ['a byte order mark', '\uFEFFdata: a\n\n', [['message', '', 'a']]],
    ['every line end', 'data: a\r\ndata: b\rdata: c\n\r\n', [['message', '', 'a\nb\nc']]],
    ['an event that is cut off', 'data: a\n\ndata: b\n', [['message', '', 'a']]],
  ])('has %s', async (_name, text, expected) => {
    const { events } = await parse([text]);
    expect(events.map(({ event, id, data }) => [event, id, data])).toEqual(expected);
  });

  it('tells a reconnection time in digits', async () => {
    const { retries } = await parse(['retry: 50\nretry: 1e3\nretry: -1\nretry:7\nretry\n']);
    expect(retries).toEqual([50, 7]);
  });

  it('fires an event at its CR, without waiting for an LF', async () => {
    const never = new Promise<string>(() => {});
    const each = async function* () {
      yield 'data: a\r\r';
      yield await never;
    };
    const { value } = await parseEventStream(each(), () => {}).next();
    expect(value).toEqual({ event: 'message', id: '', data: 'a' });
  });

  it('reads the same in pieces of any size, and the same as another parser', async () => {
    const field = fc.constantFrom('data', 'data: ', 'data:', 'event: a', 'id: 1', ':', 'x: y', '');
    const line = fc.tuple(field, fc.constantFrom('', 'text', ' a:b', '漢😀'));
    const ends = fc.constantFrom('\n', '\r\n', '\n\n', '\r\n\r\n');
    const lines = fc.array(fc.tuple(line, ends).map(([parts, end]) => parts.join('') + end));
    const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(lines, sizes, async (lines, sizes) => {
        const text = lines.join('');
        const pieces: string[] = [];
        for (let at = 0, n = 0; at < text.length; n++) {
          const size = sizes[n % sizes.length] ?? 1;
          pieces.push(text.slice(at, at + size));
          at += size;
        }
        const { events } = await parse(pieces);
        expect(events).toEqual((await parse([text])).events);
        const others: [string, string][] = [];
        createParser({
          onEvent: ({ event = 'message', data }) => others.push([event, data]),
        }).feed(text);
        expect(events.map(({ event, data }) => [event, data])).toEqual(others);
      }),
    );
  });
});
