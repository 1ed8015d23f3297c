import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  encodeChunk,
  encodeComment,
  encodeEvent,
  encodeFrame,
  encodeRetry,
  encodeSlice,
  toChunk,
} from '../../plugins/events/encode.ts';
import type { Frame } from '../../plugins/events/message.ts';
import { toEntry } from '../../plugins/events/stored-entry.ts';
import { bareFrame, envelopeFrame } from '../../plugins/sockets/frames.ts';

const golden: ReadonlyArray<readonly [title: string, fields: Frame, wire: string]> = [
  [
    'an unnamed event has no event line',
    { id: 'a-1', event: 'message', data: 'hello' },
    'data: hello\nid: a-1\n\n',
  ],
  [
    'the empty event type means an unnamed event',
    { id: 'a-1', event: '', data: 'hello' },
    'data: hello\nid: a-1\n\n',
  ],
  [
    'a named event says its type',
    { id: 'a-1', event: 'tick', data: '1' },
    'event: tick\ndata: 1\nid: a-1\n\n',
  ],
  ['an event without an id has no id line', { event: 'message', data: 'x' }, 'data: x\n\n'],
  [
    'an empty id is written, since it resets what a client sends back',
    { id: '', event: 'message', data: 'x' },
    'data: x\nid: \n\n',
  ],
  ['empty data is one empty line of data', { event: 'message', data: '' }, 'data: \n\n'],
  ['LF starts another line of data', { event: 'message', data: 'a\nb' }, 'data: a\ndata: b\n\n'],
  ['CR starts another line of data', { event: 'message', data: 'a\rb' }, 'data: a\ndata: b\n\n'],
  [
    'CRLF starts one other line of data, not two',
    { event: 'message', data: 'a\r\nb' },
    'data: a\ndata: b\n\n',
  ],
  ['LFCR is two line ends', { event: 'message', data: 'a\n\rb' }, 'data: a\ndata: \ndata: b\n\n'],
  [
    'line ends at both ends of the data are kept',
    { event: 'message', data: '\na\n' },
    'data: \ndata: a\ndata: \n\n',
  ],
  [
    'a leading space is kept behind the one that the format takes away',
    { event: 'message', data: ' a' },
    'data:  a\n\n',
  ],
  [
    'fields inside the data stay data',
    { event: 'message', data: 'id: 9\n\nevent: evil\ndata: x' },
    'data: id: 9\ndata: \ndata: event: evil\ndata: data: x\n\n',
  ],
  [
    'what only some languages take for a line end stays in its line',
    { event: 'message', data: 'a\u0085b\u2028c\u2029d\u000be\u000cf' },
    'data: a\u0085b\u2028c\u2029d\u000be\u000cf\n\n',
  ],
];

describe('E2: an encoded event', () => {
  it.each(golden)('%s', (_title, fields, wire) => {
    expect(encodeEvent(fields)).toBe(wire);
  });
});

describe('E2: an encoded comment', () => {
  it.each([
    ['is a lone colon without a text', '', ':\n'],
    ['holds its text', 'hello', ':hello\n'],
    ['has a colon on each of its lines', 'a\nb\rc\r\nd', ':a\n:b\n:c\n:d\n'],
    ['never holds a blank line', '\n\n', ':\n:\n:\n'],
  ])('%s', (_title, text, wire) => {
    expect(encodeComment(text)).toBe(wire);
  });
});

describe('E3: an encoded reconnection time', () => {
  it.each([
    [0, 'retry: 100\n'],
    [-1, 'retry: 100\n'],
    [99, 'retry: 100\n'],
    [100, 'retry: 100\n'],
    [1500.4, 'retry: 1500\n'],
    [86_400_000, 'retry: 86400000\n'],
  ])('of %d ms is digits, at least 100, and no blank line', (milliseconds, wire) => {
    expect(encodeRetry(milliseconds)).toBe(wire);
  });
});

describe('an encoded slice', () => {
  const entry = (seq: number): Frame => ({ id: `a-${seq}`, event: 'message', data: 'é' });

  it('is the bytes of its entries, one after the other', () => {
    const bytes = encodeSlice([entry(1), entry(2)]);
    expect(bytes.toString()).toBe('data: é\nid: a-1\n\ndata: é\nid: a-2\n\n');
  });

  it('is encoded once for all readers of the same slice', () => {
    const slice = [entry(1), entry(2)];
    expect(encodeSlice(slice)).toBe(encodeSlice(slice));
  });

  it('shares the bytes of an entry that readers get in slices of their own', () => {
    const lone = entry(1);
    expect(encodeSlice([lone])).toBe(encodeSlice([lone]));
  });

  it('of no entries is no bytes', () => {
    expect(encodeSlice([])).toHaveLength(0);
  });
});

describe('the bytes that are kept with an event', () => {
  const frame: Frame = { id: 'a-1', event: 'message', data: 'é' };
  const stored = { channel: 'news', seq: 1, id: 'a-1' };
  /** Of what was read at once. */
  const part = Buffer.alloc(64 * 1024, encodeEvent(frame)).subarray(
    0,
    encodeEvent(frame).length + 1,
  );

  it.each([
    ['as it was published', encodeFrame(frame)],
    ['of a store', encodeFrame(toEntry({ ...stored, bytes: Buffer.from(encodeEvent(frame)) }))],
    ['of what a store has read at once', encodeFrame(toEntry({ ...stored, bytes: part }))],
    ['a chunk of what is alone in memory', encodeChunk(Buffer.from(new ArrayBuffer(20)))],
    ['for a WebSocket', envelopeFrame(frame)],
    ['for one without envelopes', bareFrame(frame)],
  ])('keep little else in memory: %s', (_title, bytes) => {
    expect(bytes.buffer.byteLength).toBeLessThanOrEqual(2048);
  });

  it('keep nothing else if they are large', () => {
    const { buffer, length } = encodeFrame({ event: 'message', data: 'x'.repeat(1000) });
    expect(buffer.byteLength).toBeLessThan(length + 10);
  });

  it('are a part of their chunk', () => {
    const bytes = encodeFrame(frame);
    expect(encodeChunk(bytes).toString()).toBe(
      toChunk(Buffer.from('data: é\nid: a-1\n\n')).toString(),
    );
    expect(encodeChunk(bytes).buffer).toBe(bytes.buffer);
  });

  it('make a chunk that is whole, of any length', () => {
    for (const length of [1, 15, 16, 255, 256, 4096, 70_000]) {
      const data = 'x'.repeat(length);
      const bytes = encodeFrame({ event: 'message', data });
      expect(bytes.toString()).toBe(`data: ${data}\n\n`);
      const size = bytes.length.toString(16);
      expect(encodeChunk(bytes).toString()).toBe(`${size}\r\n${bytes.toString()}\r\n`);
    }
  });

  it('of a store are no copy where they are alone in memory', () => {
    const bytes = Buffer.alloc(100_000, 'x');
    expect(encodeFrame(toEntry({ ...stored, bytes }))).toBe(bytes);
  });

  it('are those of the text, lone surrogates and all', () => {
    const data = 'é\ud800x\u{1f600}\udc00';
    const bytes = encodeFrame({ event: 'message', data });
    expect(bytes).toEqual(Buffer.from(`data: ${data}\n\n`));
  });

  it('are whole where a Node writes less than it has counted', () => {
    const mock = vi.spyOn(Buffer, 'byteLength');
    onTestFinished(() => mock.mockRestore());
    mock.mockImplementation((text) => 3 * `${text}`.length);
    expect(envelopeFrame({ ...frame })).toEqual(Buffer.from(JSON.stringify(frame)));
  });
});
