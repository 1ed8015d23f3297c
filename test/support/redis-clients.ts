import { Redis } from 'ioredis';
import { createClient } from 'redis';
import type { RedisClient } from '../../plugins/events/stores/redis/adapt.ts';

/** A client as an application has it, and how it is closed. */
export interface OpenClient {
  readonly client: RedisClient;
  close(): void;
}

export const packages = ['redis', 'ioredis'] as const;

/** Connects a client of one of the packages. */
export async function openClient(
  name: (typeof packages)[number],
  url: string,
): Promise<OpenClient> {
  if (name === 'ioredis') {
    const client = new Redis(url);
    client.on('error', () => {});
    return { client, close: () => client.disconnect() };
  }
  const client = createClient({ url });
  // Without a listener, a lost connection would end the process.
  client.on('error', () => {});
  await client.connect();
  return { client, close: () => client.destroy() };
}
