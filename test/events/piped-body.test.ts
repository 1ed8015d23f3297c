import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { PipedBody } from '../../plugins/events/piped-body.ts';

const EVENT = Buffer.alloc(100_000, 'x');

/** A body, and what reads its stream; `onFirst` is called with the first bytes. */
async function read(onFirst: (body: PipedBody) => void) {
  const stream = new Readable({ read() {} });
  const body = new PipedBody(stream, undefined);
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    if (chunks.length === 1) onFirst(body);
  });
  // It flows from the next tick on, and then hears of what is pushed at once.
  await new Promise(setImmediate);
  return { stream, body, text: () => Buffer.concat(chunks).toString() };
}

it('an end in the middle of a large event comes behind it', async () => {
  const { stream, body, text } = await read((one) => one.end());
  body.write(EVENT);
  await expect.poll(() => stream.readableEnded).toBe(true);
  expect(text()).toBe(EVENT.toString());
});

it('what is written in the middle of a large event comes behind it', async () => {
  const { body, text } = await read((one) => void one.write(Buffer.from('next')));
  body.write(EVENT);
  await expect.poll(text).toBe(`${EVENT}next`);
  body.write(Buffer.from(', last'));
  await expect.poll(text).toBe(`${EVENT}next, last`);
});

it('a reader that throws in the middle of a large event gets nothing more', async () => {
  const { stream, body, text } = await read(() => {
    throw new Error('reader');
  });
  expect(() => body.write(EVENT)).toThrow('reader');
  expect(stream.destroyed).toBe(true);
  expect(body.write(Buffer.from('next'))).toBe(false);
  expect(text().length).toBeLessThan(EVENT.length);
});
