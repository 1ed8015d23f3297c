import type { Evaluator, OwnConnection, RedisConnection } from './connection.ts';

/** What is used of a client of the package `redis`, from version 5 on. */
export interface NodeRedisClient {
  readonly isReady: boolean;
  readonly options?: { readonly socket?: object } | undefined;
  sendCommand(command: readonly string[], options?: object): Promise<unknown>;
  withTypeMapping(mapping: object): unknown;
  duplicate(options?: object): NodeRedisDuplicate;
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

interface NodeRedisDuplicate {
  connect(): Promise<unknown>;
  destroy(): void;
  sendCommand(command: readonly string[], options?: object): Promise<unknown>;
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
    ...evaluator(client),
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
    ...evaluator(own),
    read: (args) => own.sendCommand(['XREAD', ...args], options),
    close() {
      try {
        own.destroy();
      } catch {
        // It throws when the connection is closed already.
      }
    },
  };
}

function evaluator(client: Pick<NodeRedisClient, 'sendCommand'>): Evaluator {
  return {
    evaluate: (command, script, key, args) =>
      client.sendCommand([command, script, '1', key, ...args], options),
  };
}

/** A failure is seen where a command rejects. */
function ignore(): void {}
