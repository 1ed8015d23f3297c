import type { Command, OwnConnection, RedisConnection } from './connection.ts';

/** What is used of a client of the package `redis`, from version 5 on. */
export interface NodeRedisClient {
  readonly isReady: boolean;
  readonly options?: { readonly socket?: object } | undefined;
  sendCommand(command: Command, options?: object): Promise<unknown>;
  withTypeMapping(mapping: object): unknown;
  duplicate(options?: object): NodeRedisDuplicate;
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

interface NodeRedisDuplicate {
  connect(): Promise<unknown>;
  destroy(): void;
  sendCommand(command: Command, options?: object): Promise<unknown>;
  on(event: string, listener: () => void): unknown;
}

// RESP type codes "$" (bulk string) and "%" (map); `timeout` makes an AbortSignal for each command.
const options = { typeMapping: { 36: Buffer, 37: Array }, timeout: undefined };

export function isNodeRedis(client: object): client is NodeRedisClient {
  const isOneConnection = !['slots', 'acquire', 'execute', 'use'].some((name) => name in client);
  return isOneConnection && ['isReady', 'withTypeMapping', 'duplicate'].every((n) => n in client);
}

export function fromNodeRedis(client: NodeRedisClient): RedisConnection {
  return {
    get isReady() {
      return client.isReady;
    },
    send: (command) => client.sendCommand(command, options),
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

function duplicate(client: NodeRedisClient): OwnConnection {
  const own = client.duplicate({
    socket: { ...client.options?.socket, reconnectStrategy: false, socketTimeout: undefined },
    commandOptions: options,
    clientSideCache: undefined,
    disableOfflineQueue: false,
  });
  own.on('error', ignore);
  return {
    open: () => own.connect(),
    send: (command) => own.sendCommand(command, options),
    close() {
      try {
        own.destroy();
      } catch {
        // It throws when the connection is closed already.
      }
    },
  };
}

/** A failure is seen where a command rejects. */
function ignore(): void {}
