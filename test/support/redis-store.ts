import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import { parseEventId } from '../../plugins/events/event-id.ts';
import type { Entry } from '../../plugins/events/message.ts';
import type { EventStore } from '../../plugins/events/store.ts';
import { type RedisStoreOptions, redisStore } from '../../plugins/events/stores/redis.ts';
import { openClient, type packages } from './redis-clients.ts';
import type { RedisServer } from './redis-server.ts';

type Options = Omit<RedisStoreOptions, 'client'>;

/** Longer than any machine takes that is only slow: what is about giving up sets its own. */
export const PATIENCE = 30_000;

/** A store on a client of its own, both closed with the test. */
export async function openStore(
  name: (typeof packages)[number],
  { url }: Pick<RedisServer, 'url'>,
  options: Options = {},
): Promise<EventStore> {
  const { client, close } = await openClient(name, url);
  const store = redisStore({ client, timeout: PATIENCE, ...options });
  onTestFinished(async () => {
    await store.close();
    close();
  });
  return store;
}

/** A connection to give orders to the server with. */
export function openAdmin({ port }: RedisServer): Redis {
  const admin = new Redis(port, '127.0.0.1');
  admin.on('error', () => {});
  onTestFinished(() => admin.disconnect());
  return admin;
}

/** Ends the connections whose last command is one of these; returns how many they were. */
export async function killConnections(admin: Redis, commands: RegExp): Promise<number> {
  const list = String(await admin.client('LIST'));
  const lines = list
    .split('\n')
    .filter((line) => commands.test(/ cmd=(\S+)/.exec(line)?.[1] ?? ''));
  const ids = lines.flatMap((line) => /^id=(\d+)/.exec(line)?.[1] ?? []);
  for (const id of ids) await admin.client('KILL', 'ID', id);
  return ids.length;
}

/** What a follower was told. */
export async function record(store: EventStore): Promise<Entry[]> {
  const entries: Entry[] = [];
  await store.follow((entry) => void entries.push(entry));
  return entries;
}

/** Appends 0, 1, 2, ... one after another until it is stopped, and keeps on when one is refused. */
export function publish(store: EventStore, channel: string): Publishing {
  const publishing = { acknowledged: [] as Entry[], refused: 0, stop: async () => {} };
  let stopped = false;
  const ended = (async () => {
    for (let n = 0; !stopped; n++) {
      await store.append(channel, text(`${channel} ${n}`)).then(
        (entry) => publishing.acknowledged.push(entry),
        () => {
          publishing.refused += 1;
        },
      );
    }
  })();
  publishing.stop = () => {
    stopped = true;
    return ended;
  };
  return publishing;
}

export interface Publishing {
  readonly acknowledged: readonly Entry[];
  readonly refused: number;
  stop(): Promise<void>;
}

export function text(data: unknown): { event: string; data: string } {
  return { event: 'message', data: String(data) };
}

/** The places where the number after an entry is not its own plus one. */
export function holes(entries: readonly Entry[]): string[] {
  return entries.flatMap(({ id, seq }, index) => {
    const before = entries[index - 1];
    if (!before || (epochOf(before.id) === epochOf(id) && seq === before.seq + 1)) return [];
    return [`${before.id} -> ${id}`];
  });
}

export function epochOf(id: string): string | undefined {
  return parseEventId(id)?.epoch;
}
