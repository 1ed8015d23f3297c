import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeComment,
  encodeEvent,
  encodeRetry,
  encodeSlice,
} from '../../plugins/events/encode.ts';
import type { Frame } from '../../plugins/events/message.ts';
import { inForm } from '../support/faults/form.ts';

const RUNS = { numRuns: 2000 };
const MANY = { numRuns: inForm(8000, 1_000_000) };
const patience = { timeout: inForm(60_000, 900_000) };

/** What parsers and languages disagree about, and what looks like the format itself. */
const HOSTILE = [
  ...['\n', '\r', '\r\n', '\0', '\ufeff', '\ud800', '\udc00', '\u{1f600}', '\u0085', '\u2028'],
  ...[':', ' ', '\t', 'data', 'data:', 'data: x', 'id: 9', 'event: evil', 'retry: 0', '\n\n'],
];

const data = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 8 })), {
    maxLength: 8,
  })
  .map((pieces) => pieces.join(''));

/** What may stand in an `id` or `event` field. */
const field = fc
  .oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom('message', ' a', ':', 'é'))
  .map((text) => text.replace(/[\p{Cc}\u2028\u2029]/gu, ''));

const event: fc.Arbitrary<Frame> = fc.record(
  { id: field, event: field, data },
  { requiredKeys: ['event', 'data'] },
);

const comment = data.map((text) => encodeComment(text));
const retry = fc.integer({ min: -1000, max: 1e9 }).map((value) => encodeRetry(value));

/** Where to cut bytes into chunks, as fractions of their length. */
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });

interface Parsed {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** What an independent parser makes of the bytes when they arrive in pieces. */
function parse(wire: string | Buffer, fractions: readonly number[] = []) {
  const events: Parsed[] = [];
  const comments: string[] = [];
  const retries: number[] = [];
  const errors: Error[] = [];
  const parser = createParser({
    onEvent: ({ id, event = 'message', data }) => events.push({ id, event, data }),
    onComment: (text) => comments.push(text),
    onRetry: (value) => retries.push(value),
    onError: (error) => errors.push(error),
  });
  const bytes = Buffer.from(wire);
  const places = fractions.map((part) => Math.floor(part * bytes.length)).sort((a, b) => a - b);
  const decoder = new TextDecoder();
  let from = 0;
  for (const to of [...places, bytes.length]) {
    parser.feed(decoder.decode(bytes.subarray(from, to), { stream: true }));
    from = to;
  }
  return { events, comments, retries, errors };
}

/** An event as any client has to see it: line ends are LF, what is not Unicode is U+FFFD. */
function asRead({ id, event, data }: Frame): Parsed {
  return {
    id,
    event: event || 'message',
    data: Buffer.from(data.replace(/\r\n?/g, '\n')).toString(),
  };
}

describe('E5: whatever an event holds', () => {
  it('a parser reads exactly that event, however the bytes are cut', patience, () => {
    fc.assert(
      fc.property(event, cuts, (fields, fractions) => {
        const { events, errors } = parse(encodeEvent(fields), fractions);
        expect(events).toEqual([asRead(fields)]);
        expect(errors).toEqual([]);
      }),
      MANY,
    );
  });

  it('its bytes hold no CR, and one blank line, which ends them', () => {
    fc.assert(
      fc.property(event, (fields) => {
        const wire = encodeEvent(fields);
        expect(wire).not.toContain('\r');
        expect(wire.indexOf('\n\n')).toBe(wire.length - 2);
      }),
      RUNS,
    );
  });
});

describe('whatever a comment or a reconnection time holds', () => {
  it('neither has a blank line or a CR, nor starts an event', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(comment, retry)), cuts, (frames, fractions) => {
        const wire = frames.join('');
        expect(wire).not.toMatch(/\r|^\n|\n\n/);
        const { events, errors } = parse(`${wire}\n\n`, fractions);
        expect(events).toEqual([]);
        expect(errors).toEqual([]);
      }),
      RUNS,
    );
  });

  it('a reconnection time is never under 100 ms', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e15, max: 1e15, noNaN: true }), (milliseconds) => {
        const { retries } = parse(encodeRetry(milliseconds));
        expect(retries).toEqual([Math.max(100, Math.round(milliseconds))]);
      }),
      RUNS,
    );
  });

  it('every line of a comment is a comment', () => {
    fc.assert(
      fc.property(data, (text) => {
        const lines = text.split(/\r\n|\r|\n/);
        expect(parse(encodeComment(text)).comments).toHaveLength(lines.length);
      }),
      RUNS,
    );
  });
});

describe('whatever frames follow each other', () => {
  const frame = fc.oneof(
    event.map((fields) => ({ wire: encodeEvent(fields), events: [asRead(fields)] })),
    fc.oneof(comment, retry).map((wire) => ({ wire, events: [] })),
  );

  it('the events among them are read in order, each once', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), cuts, (frames, fractions) => {
        const { events } = parse(frames.map(({ wire }) => wire).join(''), fractions);
        expect(events).toEqual(frames.flatMap((each) => each.events));
      }),
      RUNS,
    );
  });

  it('a slice is the bytes of its entries joined', () => {
    const entries = fc
      .array(fc.record({ id: field, event: field, data }), { maxLength: 12 })
      .map((all) => all.map((fields, index) => ({ ...fields, seq: index + 1 })));
    fc.assert(
      fc.property(entries, (slice) => {
        const one = slice.map((entry) => Buffer.from(encodeEvent(entry)));
        expect(encodeSlice(slice).equals(Buffer.concat(one))).toBe(true);
      }),
      RUNS,
    );
  });
});
