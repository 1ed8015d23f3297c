import { describe, expect, it, onTestFinished } from 'vitest';
import websocket from '../../plugins/websocket.ts';
import { ContiguityCheck, payload } from '../support/contiguity.ts';
import { ErraticClient } from '../support/erratic-client.ts';
import { openSSE, openWebSocket } from '../support/event-reader.ts';
import { tell } from '../support/faults/form.ts';
import { CountingPublisher, MergedContiguityCheck } from '../support/merged-contiguity.ts';
import { listen, sseApp } from '../support/sse-app.ts';
import { newStore, type StoreName, stores } from '../support/stores.ts';

const KEPT = 20;
const transports = [
  ['SSE', openSSE],
  ['WebSocket', openWebSocket],
] as const;

async function serve(kind: StoreName, names: readonly string[]) {
  const app = await sseApp({ store: await newStore(kind, KEPT) });
  const channels = names.map((name) => app.channel(name));
  await app.register(websocket, { path: '/events/ws', channel: names });
  app.get('/events', (_request, reply) => reply.sse(channels));
  const url = `${await listen(app)}/events`;
  return { app, url };
}

describe.each(stores)('on a %s store, what is trimmed past the place of a reader', (kind) => {
  it.each(transports)(
    'is declared lost, and the rest is contiguous (%s)',
    async (transport, open) => {
      const { app, url } = await serve(kind, ['a']);
      let published = 0;
      const publish = async (count: number) => {
        let id: string | undefined;
        for (const last = published + count; published < last; ) {
          published += 1;
          id = await app.channel('a').publish({ data: payload(published) });
        }
        return id;
      };
      const check = new ContiguityCheck();
      const client = new ErraticClient(
        check,
        open,
        () => url,
        () => 0,
      );
      onTestFinished(() => client.leave());
      await expect.poll(() => check.lastEventId).toBeDefined();
      await expect.poll(() => check.lastEventId).toBe(await publish(5));

      // One less than is kept: nothing is lost.
      client.leave();
      const whole = await publish(KEPT);
      client.comeBack();
      await expect.poll(() => check.lastEventId).toBe(whole);
      expect(check).toMatchObject({ losses: 0, received: 5 + KEPT });

      client.leave();
      const trimmed = await publish(KEPT + 1);
      client.comeBack();
      await expect.poll(() => check.lastEventId).toBe(trimmed);
      expect(check).toMatchObject({ losses: 1, received: 5 + 2 * KEPT });

      await expect.poll(() => check.lastEventId).toBe(await publish(3));
      expect(check).toMatchObject({ losses: 1, received: 8 + 2 * KEPT });
      const { received, losses } = check;
      tell(`trimmed, ${kind}, ${transport}`, { published, received, losses });
      expect(client.failure).toBeUndefined();
    },
  );

  it.each(transports)(
    'is declared once for several channels on one stream (%s)',
    async (_, open) => {
      const names = ['a', 'b', 'c'];
      const { app, url } = await serve(kind, names);
      const publisher = new CountingPublisher();
      const publish = (name: string) => app.channel(name).publish({ data: publisher.next(name) });
      const check = new MergedContiguityCheck(names);
      const client = new ErraticClient(
        check,
        open,
        () => url,
        () => 0,
      );
      onTestFinished(() => client.leave());
      await expect.poll(() => check.lastEventId).toBeDefined();
      for (const name of names) await publish(name);
      await expect.poll(() => check.received).toBe(3);

      client.leave();
      for (let n = 0; n < KEPT + 10; n += 1) {
        await publish('a');
        if (n % 3 === 0) await publish('b');
      }
      const last = await publish('c');
      client.comeBack();
      await expect.poll(() => check.lastEventId).toBe(last);
      expect(check).toMatchObject({ losses: 1, received: 3 + KEPT + 10 + 1 });
      for (const name of names) expect(check.countOf(name)).toBe(publisher.countOf(name));

      await publish('b');
      await expect.poll(() => check.countOf('b')).toBe(publisher.countOf('b'));
      expect(client.failure).toBeUndefined();
    },
  );
});
