import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { memoryStore } from '../../plugins/events/stores/memory.ts';
import { listen, sseApp } from '../support/sse-app.ts';

const SECRET = 'redis://user:secret@host';

it.each(['at once', 'later'])(
  'a store that fails ends the stream, also before its head is sent (returned %s), and says nothing',
  async (when) => {
    const store = memoryStore();
    const app = await sseApp({
      store: {
        append: store.append.bind(store),
        read: store.read.bind(store),
        close: store.close.bind(store),
        follow: () => Promise.reject(new Error(SECRET)),
      },
    });
    const logged: unknown[] = [];
    app.get('/', async (request, reply) => {
      request.log.error = (details: unknown) => logged.push(details);
      const stream = reply.sse(app.channel('news'));
      if (when === 'later') await turn();
      return stream;
    });
    const response = await fetch(await listen(app));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('retry: 1000\n');
    expect(logged).toEqual([{ err: new Error(SECRET) }]);
  },
);
