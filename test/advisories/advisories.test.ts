import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameOf } from './advisory.ts';
import { type Arena, startArena } from './arena/arena.ts';
import { advisories } from './table.ts';

/** Probes ask hundreds of times, on machines that have other things to do. */
const PATIENCE = 60_000;

let arena: Arena;

beforeAll(async () => {
  arena = await startArena();
}, PATIENCE);
afterAll(() => arena?.end(), PATIENCE);

describe.each(Object.entries(advisories))('published mistakes: %s', (_, rows) => {
  for (const advisory of rows) {
    if ('doesNotApply' in advisory) continue;
    it(`${nameOf(advisory)}: ${advisory.promise}`, { timeout: PATIENCE }, async () => {
      await advisory.probe(arena);
      await expectUnharmed();
    });
  }
});

/** Whatever was tried: nothing has leaked, nothing has failed, and both servers go on. */
async function expectUnharmed(): Promise<void> {
  const { dev, command, rejections } = arena;
  expect(rejections).toEqual([]);
  for (const target of [dev, arena.proxied, command]) {
    expect(target.findings).toEqual({ leaks: [], failures: [] });
  }
  for (const target of [dev, command]) {
    const { status, text } = await target.ask('/');
    expect([status, text]).toEqual([200, expect.stringContaining('<p>home')]);
  }
}
