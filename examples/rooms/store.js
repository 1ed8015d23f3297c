import { join } from 'node:path';

/** The newest 500 messages of each room, for a year. */
const limits = { limit: 500, maxAge: 365 * 24 * 3600 * 1000 };

/** In Redis where `REDIS_URL` names one, so that several servers share the rooms; else on disk. */
export async function openStore(log) {
  const { REDIS_URL: url, DATA: path = join(import.meta.dirname, 'data') } = process.env;
  if (!url) {
    const { durableStore } = await import('dev-serve/stores/durable');
    const store = await durableStore({ path, ...limits });
    return { store, close: () => store.close() };
  }
  const { createClient } = await import('redis');
  const { redisStore } = await import('dev-serve/stores/redis');
  const client = createClient({ url });
  client.on('error', (error) => log.warn({ err: error }, 'Redis is away'));
  await client.connect();
  const store = redisStore({ client, prefix: 'rooms', ...limits });
  return {
    store,
    async close() {
      await store.close();
      client.destroy();
    },
  };
}
