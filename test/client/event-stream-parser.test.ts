import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventStreamParser } from '../../client/events/event-stream-parser.ts';
import type { Frame } from '../../client/protocol.ts';

function parse(...pieces: string[]) {
  const frames: Frame[] = [];
  const parser = new EventStreamParser((frame) => frames.push(frame));
  for (const piece of pieces) parser.push(piece);
  return { frames, retry: parser.retry };
}

/** What an independent parser makes of a whole stream; it gives each event only its own id. */
function parseElsewhere(text: string) {
  const frames: Frame[] = [];
  let retry: number | undefined;
  let lastId = '';
  const parser = createParser({
    onEvent: ({ id = lastId, event = 'message', data }) => {
      lastId = id;
      frames.push({ id, event, data });
    },
    onRetry: (milliseconds) => {
      retry = milliseconds;
    },
  });
  // It waits for what follows a CR at the end of a piece; a line that is not ended is nothing.
  parser.feed(`${text}:`);
  return { frames, retry };
}

const lineEnd = fc.constantFrom('\n', '\r', '\r\n');
const value = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', ' ', ':', '\ufeff', 'é', '😀', '\t', '7') }),
  fc.constantFrom('12', '', ' ', '{"n":1}'),
);
const field = fc.tuple(
  fc.constantFrom('data', 'event', 'retry', 'dat', 'data ', '', 'Data'),
  fc.constantFrom(': ', ':', ''),
  value,
);
const line = fc.oneof(
  { weight: 4, arbitrary: field.map((parts) => parts.join('')) },
  { weight: 2, arbitrary: fc.constant('') },
  // An id of an event that has no data is the business of the next test.
  { weight: 1, arbitrary: value.map((text) => `data: x\nid: ${text}\n`) },
);
const stream = fc
  .array(fc.tuple(line, lineEnd), { maxLength: 30 })
  .map((lines) => lines.flat().join(''))
  .filter((text) => !text.startsWith('\ufeff'));

describe('the parser of event streams', () => {
  it('agrees with another one, however the bytes are split', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 20 }), (text, cuts) => {
        const bytes = new TextEncoder().encode(text);
        const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length];
        places.sort((a, b) => a - b);
        const decoder = new TextDecoder();
        const pieces = places.map((place, index) =>
          decoder.decode(bytes.subarray(places[index - 1] ?? 0, place), { stream: true }),
        );
        expect(parse(...pieces)).toEqual(parseElsewhere(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps the last id for events that have none, and for those after one without data', () => {
    const { frames } = parse('id: 1\ndata: a\n\ndata: b\n\nid: 2\n\ndata: c\n\nid\ndata: d\n\n');
    expect(frames.map(({ id }) => id)).toEqual(['1', '1', '2', '']);
  });

  it('ignores an id with a NUL, comments, and what it does not know', () => {
    const { frames } = parse(': hello\nid: a\0b\nsecret: x\nid: 7\nid: \0\ndata: a\n:\n\n');
    expect(frames).toEqual([{ id: '7', event: 'message', data: 'a' }]);
  });

  it('joins the lines of data, and takes one space off each', () => {
    expect(parse('data: a\ndata:b\ndata\ndata:  c\n\n').frames[0]?.data).toBe('a\nb\n\n c');
  });

  it('does not wait for the LF of a CRLF', () => {
    const { frames } = parse('data: a\r\r');
    expect(frames).toHaveLength(1);
    const pieces = [...'data: a\r\n\r\ndata: b\r\n\r\n'];
    expect(parse(...pieces).frames.map(({ data }) => data)).toEqual(['a', 'b']);
  });

  it('dispatches nothing that the stream has not ended', () => {
    expect(parse('data: a\n').frames).toEqual([]);
    expect(parse('data: a').frames).toEqual([]);
  });

  it('reads the reconnection time where it is a number', () => {
    expect(parse('retry: 300\nretry: 5s\nretry: -1\nretry:\n').retry).toBe(300);
    expect(parse('retry: 1.5\n').retry).toBeUndefined();
  });
});
