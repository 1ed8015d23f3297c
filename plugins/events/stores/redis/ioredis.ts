import type { OwnConnection, RedisConnection } from './connection.ts';

/** What is used of a client of the package `ioredis`, from version 5 on. */
export interface IoRedisClient {
  readonly status: string;
  readonly isCluster: boolean;
  connect(): Promise<unknown>;
  disconnect(): void;
  callBuffer(command: string, args: string[]): Promise<unknown>;
  duplicate(options?: object): IoRedisDuplicate;
  on(event: 'ready' | 'error', listener: () => void): unknown;
  off(event: 'ready' | 'error', listener: () => void): unknown;
}

type IoRedisDuplicate = Omit<IoRedisClient, 'status' | 'isCluster' | 'duplicate' | 'off'>;

/** Its types do not tell of these, which it has for every command. */
interface BufferCommands {
  evalBuffer(source: string, keys: string, ...args: string[]): Promise<unknown>;
  evalshaBuffer(sha: string, keys: string, ...args: string[]): Promise<unknown>;
}

export function isIoRedis(client: object): client is IoRedisClient & BufferCommands {
  const has = ['callBuffer', 'evalBuffer', 'evalshaBuffer'].every((name) => name in client);
  return has && 'isCluster' in client && client.isCluster !== true;
}

export function fromIoRedis(client: IoRedisClient & BufferCommands): RedisConnection {
  return {
    get isReady() {
      // `lazyConnect`: such a client connects when it is first used.
      if (client.status === 'wait') client.connect().catch(ignore);
      return client.status === 'ready';
    },
    // Not callBuffer(), which loses the command's name where `enableAutoPipelining` is on.
    evaluate: (command, script, key, args) =>
      command === 'EVAL'
        ? client.evalBuffer(script, '1', key, ...args)
        : client.evalshaBuffer(script, '1', key, ...args),
    onReady(listener) {
      client.on('ready', listener);
      return () => client.off('ready', listener);
    },
    ignoreErrors() {
      client.on('error', ignore);
      return () => client.off('error', ignore);
    },
    duplicate: () => duplicate(client),
  };
}

function duplicate(client: IoRedisClient): OwnConnection {
  const own = client.duplicate({
    lazyConnect: true,
    retryStrategy: null,
    autoResendUnfulfilledCommands: false,
    enableOfflineQueue: true,
    enableAutoPipelining: false,
    // Limits meant for quick commands: the tail waits.
    commandTimeout: undefined,
    socketTimeout: undefined,
    blockingTimeout: undefined,
    replyMapping: 'legacy',
  });
  own.on('error', ignore);
  return {
    open: () => own.connect(),
    evaluate: (command, script, key, args) => own.callBuffer(command, [script, '1', key, ...args]),
    read: (args) => own.callBuffer('XREAD', [...args]),
    close: () => own.disconnect(),
  };
}

/** A failure is seen where a command rejects. */
function ignore(): void {}
