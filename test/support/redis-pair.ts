import type { Redis } from 'ioredis';
import { expect, onTestFinished } from 'vitest';
import { Relay } from './faults/relay.ts';
import { RedisServer } from './redis-server.ts';
import { openAdmin } from './redis-store.ts';

const soon = { timeout: 20_000, interval: 20 };

/** A Redis, another that copies it, and the address that leads to the first. */
export class RedisPair {
  readonly first: RedisServer;
  readonly second: RedisServer;
  /** For orders to the second. */
  readonly copy: Redis;
  readonly relay: Relay;

  private constructor(first: RedisServer, second: RedisServer, copy: Redis, relay: Relay) {
    this.first = first;
    this.second = second;
    this.copy = copy;
    this.relay = relay;
  }

  /** Until the test ends. */
  static async start(): Promise<RedisPair> {
    const [first, second] = [
      await RedisServer.start(onTestFinished),
      await RedisServer.start(onTestFinished),
    ];
    // Each waits for more copies otherwise.
    for (const server of [first, second]) {
      await openAdmin(server).config('SET', 'repl-diskless-sync-delay', 0);
    }
    const copy = openAdmin(second);
    await copy.replicaof('127.0.0.1', first.port);
    await expect.poll(() => copy.info('replication'), soon).toContain('master_link_status:up');
    return new RedisPair(first, second, copy, await Relay.start(first.port));
  }

  /** Resolves once the second has what the first had when this was called. */
  async catchUp(): Promise<void> {
    const goal = await offset(openAdmin(this.first), 'master_repl_offset');
    await expect
      .poll(() => offset(this.copy, 'slave_repl_offset'), soon)
      .toBeGreaterThanOrEqual(goal);
  }

  /** The second goes on with what it has: as when the network between the two breaks first. */
  async promote(): Promise<void> {
    await this.copy.replicaof('NO', 'ONE');
  }

  /** The address leads to the second. */
  failOver(): void {
    this.relay.leadTo(this.second.port);
  }
}

async function offset(redis: Redis, name: string): Promise<number> {
  return Number(new RegExp(`${name}:(\\d+)`).exec(await redis.info('replication'))?.[1]);
}
