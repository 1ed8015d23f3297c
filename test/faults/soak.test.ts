import { expect, it } from 'vitest';
import { openSSE } from '../support/event-reader.ts';
import { expectBaseline, settle } from '../support/faults/baseline.ts';
import { EventServer } from '../support/faults/event-server.ts';

it('soak stub', async () => {
  const server = await EventServer.start({ kind: 'memory', limit: 100 });
  const rs = Array.from({ length: 20 }, () =>
    openSSE(`${server.origin}/events/a`, undefined, { onEvent() {}, onClose() {} }),
  );
  await expect.poll(async () => (await server.figures()).streams.streams).toBe(20);
  await server.burst('a', { count: 1000, size: 100 });
  for (const r of rs) r.kill();
  const a = performance.now();
  const base = await settle(server);
  console.log(base, performance.now() - a);
  await expectBaseline(server, base);
  console.log(performance.now() - a);
  expect(server.isWell).toBe(true);
});
