import { setTimeout as delay } from 'node:timers/promises';
import { it } from 'vitest';
import { EventServer } from '../support/faults/event-server.ts';
import { publishSteadily } from '../support/faults/publish-steadily.ts';
import { StreamChurn } from '../support/faults/stream-churn.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
it('tmp', { timeout: 400_000 }, async () => {
  const server = await EventServer.start({ kind: 'durable', limit: 200, path: temporaryDirectory(), durability: 'flush' });
  const settings = { port: server.port, paths: ['/events/a', '/events/b,c', '/events/a,b,c,d', '/events/d'], perSecond: 60, longest: 2000, random: Math.random };
  const { pid } = await server.figures();
  for (let round = 0; round < 5; round += 1) {
    const churn = new StreamChurn(settings);
    const publisher = publishSteadily(server.origin, ['a', 'b', 'c', 'd'], 50);
    await delay(25_000);
    churn.stop(); publisher.stop();
    await delay(1500);
    const f = await server.figures({ idle: true });
    process.stdout.write(`${round} heap ${(f.heapUsed / 1048576).toFixed(2)} buffers ${f.arrayBuffers} conns ${churn.connections} published ${publisher.published}\n`);
    if (round === 1 || round === 4) { process.kill(pid, 'SIGUSR2'); await delay(6000); }
  }
});
