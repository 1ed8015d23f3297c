import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createDevServer } from '../../server/create-dev-server.ts';
import { inForm, tell } from '../support/faults/form.ts';
import { PipelinedClient } from '../support/pipelined-client.ts';
import { temporarySite } from '../support/temporary-site.ts';

const READERS = inForm(30, 100);
const FILE_BYTES = inForm(64, 256) * 2 ** 20;
/** What may wait in this process for each: some chunks of the file, and of the page it becomes. */
const BYTES_EACH = 2 * 2 ** 20;

it(`${READERS} readers that stall in a big page cost the server no more than their buffers`, {
  timeout: 120_000,
}, async () => {
  const root = await temporarySite({
    'index.html': '<p>home',
    'big.html': '<!doctype html><p>big',
  });
  for (const name of ['big.bin', 'big.html']) {
    const file = await open(join(root, name), 'a');
    await file.truncate(FILE_BYTES);
    await file.close();
  }
  const server = await createDevServer({ root, port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  const port = Number(new URL(await server.listen()).port);
  const client = new PipelinedClient(port);
  onTestFinished(() => client.close());
  const rounds = async () => {
    for (let time = 0; time < 100; time += 1) {
      expect((await client.ask(['/'], 'Accept: text/html\r\n')).statuses).toEqual([200]);
    }
  };
  await rounds();
  const before = process.memoryUsage();
  const readers = Array.from({ length: READERS }, (_, index) => stall(port, index));
  onTestFinished(() => {
    for (const { socket } of readers) socket.destroy();
  });
  await Promise.all(readers.map(({ begun }) => begun));
  // Whoever read on for them would by now have read it all.
  await rounds();
  const after = process.memoryUsage();
  const grown = after.heapUsed + after.external - before.heapUsed - before.external;
  tell('stalled readers of pages', { readers: READERS, each: Math.round(grown / READERS / 1024) });
  expect(grown).toBeLessThan(READERS * BYTES_EACH + 20 * 2 ** 20);
});

function stall(port: number, index: number): { socket: Socket; begun: Promise<unknown> } {
  const path = index % 2 === 0 ? '/big.bin' : '/big.html';
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n`);
  return { socket, begun: once(socket, 'readable') };
}
