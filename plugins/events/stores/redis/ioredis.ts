import type { Argument, OwnConnection, RedisConnection } from './connection.ts';

/** What is used of a client of the package `ioredis`, from version 5 on. */
export interface IoRedisClient {
  readonly status: string;
  readonly isCluster: boolean;
  connect(): Promise<unknown>;
  disconnect(): void;
  callBuffer(command: string, args: Argument[]): Promise<unknown>;
  duplicate(options?: object): IoRedisDuplicate;
  on(event: 'ready' | 'error', listener: () => void): unknown;
  off(event: 'ready' | 'error', listener: () => void): unknown;
}

type IoRedisDuplicate = Pick<IoRedisClient, 'connect' | 'disconnect' | 'callBuffer' | 'on'>;

export function isIoRedis(client: object): client is IoRedisClient {
  return 'callBuffer' in client && 'isCluster' in client && client.isCluster !== true;
}

export function fromIoRedis(client: IoRedisClient): RedisConnection {
  return {
    get isReady() {
      // `lazyConnect`: such a client connects when it is first used.
      if (client.status === 'wait') client.connect().catch(ignore);
      return client.status === 'ready';
    },
    send: ([name, ...args]) => client.callBuffer(name, args),
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
    send: ([name, ...args]) => own.callBuffer(name, args),
    close: () => own.disconnect(),
  };
}

/** A failure is seen where a command rejects. */
function ignore(): void {}
