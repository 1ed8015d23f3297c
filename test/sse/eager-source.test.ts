import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { listen, sseApp } from '../support/sse-app.ts';

const COUNT = 20_000;

function* lines() {
  for (let n = 1; n <= COUNT; n++) yield { data: `${n} ${'x'.repeat(n % 1500)}` };
}

describe('a source that never waits', () => {
  it.each([
    [
      'generator',
      async function* () {
        yield* lines();
      },
    ],
    ['Readable', () => Readable.from(lines())],
  ])('is sent to its end, at the pace of the client (%s)', async (_name, source) => {
    const app = await sseApp();
    app.get('/', (_request, reply) => reply.sse(source));
    const response = await fetch(await listen(app));
    const numbers = (await response.text()).match(/(?<=^data: )\d+/gm)?.map(Number);
    expect(numbers).toEqual(Array.from({ length: COUNT }, (_, index) => index + 1));
  });
});
