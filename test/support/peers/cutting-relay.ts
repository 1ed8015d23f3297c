import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'vitest';

/** Where a connection breaks off: this many bytes behind the start of a text. */
export interface Cut {
  readonly text: string;
  readonly offset: number;
}

/** A way to a server that breaks off at given bytes: one cut per connection, then none. */
export async function startCuttingRelay(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  port: number,
  cuts: readonly Cut[],
): Promise<number> {
  const ahead = [...cuts];
  const relay = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    client.pipe(server);
    for (const socket of [client, server]) {
      socket.on('error', () => {});
      socket.once('close', () => {
        client.destroy();
        server.destroy();
      });
    }
    pass(server, client, ahead);
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void relay.close());
  return (relay.address() as AddressInfo).port;
}

function pass(from: Socket, to: Socket, ahead: Cut[]): void {
  let passed = Buffer.alloc(0);
  from.on('data', (chunk) => {
    const [cut] = ahead;
    const before = passed.length;
    passed = Buffer.concat([passed, chunk]);
    const start = cut ? passed.indexOf(cut.text) : -1;
    if (cut === undefined || start === -1) {
      to.write(chunk);
      return;
    }
    ahead.shift();
    from.removeAllListeners('data');
    to.write(passed.subarray(before, start + cut.offset), () => to.destroy());
  });
}
