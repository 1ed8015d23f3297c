import { expect } from 'vitest';
import { seed } from '../random.ts';
import { EventServer, type StoreSettings } from './event-server.ts';
import { inForm, tell } from './form.ts';
import { Load } from './load.ts';

export const ROUNDS = inForm(2, 5);

/** Kills a server again and again while events are published through it and read from it. */
export async function killRepeatedly(
  store: StoreSettings,
): Promise<{ readonly load: Load; readonly end: string }> {
  const server = await EventServer.start(store);
  const load = new Load(['news']);
  await load.addCalm([server.origin], ['news']);
  await load.addErratic(8, [server.origin], ['news']);
  load.publish(server.origin, 'news', 4);
  for (let round = 0; round < ROUNDS; round += 1) {
    await load.grow(20 + Math.floor(load.random() * 30));
    await server.restart();
  }
  await load.grow(10);
  const end = await load.settle();
  expect(server.isWell).toBe(true);
  // All of them have met every kill.
  for (const { connections } of load.clients) expect(connections).toBeGreaterThan(ROUNDS);
  expect(load.refused.length).toBeGreaterThanOrEqual(ROUNDS);
  tell(`killed server, ${store.kind}`, { seed, kills: ROUNDS, ...load.figures });
  return { load, end };
}
