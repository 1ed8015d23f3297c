import { writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectBaseline, settle } from '../support/faults/baseline.ts';
import { CommandServer } from '../support/faults/command-server.ts';
import { FileFollower } from '../support/faults/file-follower.ts';
import { FollowedEdits } from '../support/faults/followed-edits.ts';
import { tell } from '../support/faults/form.ts';
import { MemoryPeak } from '../support/faults/memory-peak.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const MIB = 1024 * 1024;
const READERS = 50;
/** Bytes of a page and of a file: 3 GiB, if a reader had all of it kept for itself. */
const SIZE = 60 * MIB;
const REQUEST =
  'HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nSec-Fetch-Dest: document\r\n\r\n';
const PATHS = ['/big.html', '/big.bin'] as const;
const soon = { timeout: 30_000 };

/** Asks, takes the first bytes of the answer, and nothing more. */
function stall(port: number, path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', reject);
    socket.write(`GET ${path} ${REQUEST}`);
    socket.once('data', (head) => {
      socket.pause();
      if (head.toString('latin1').startsWith('HTTP/1.1 200 ')) resolve(socket);
      else reject(new Error(head.toString('latin1').slice(0, 200)));
    });
  });
}

async function bigSite(): Promise<string> {
  const root = temporaryDirectory();
  const page = Buffer.alloc(SIZE, 'x');
  page.write('<!doctype html><html><head></head><body>');
  await writeFile(join(root, 'big.html'), page);
  await writeFile(join(root, 'big.bin'), page);
  await writeFile(join(root, 'index.html'), '<!doctype html><head></head><body>small</body>');
  return root;
}

describe('N6: readers of big pages that take nothing', () => {
  it('cost their socket buffers, keep nobody from a page, and leave nothing', async () => {
    const root = await bigSite();
    const server = await CommandServer.start(root);
    const follower = await FileFollower.start(server.origin, root);
    const port = Number(new URL(server.origin).port);
    for (const path of PATHS) (await stall(port, path)).destroy();
    await (await fetch(server.origin)).text();
    // What is made for the first change, and kept, is there before.
    await follower.mirror.expectMark();
    const baseline = await settle(server);
    const edits = await FollowedEdits.begin(root, follower);
    const memory = new MemoryPeak(baseline.pid);
    const sockets: Socket[] = [];
    for (const path of PATHS) {
      sockets.push(
        ...(await Promise.all(Array.from({ length: READERS }, () => stall(port, path)))),
      );
    }
    const page = await (await fetch(server.origin)).text();
    expect(page).toContain('small');
    const seen = memory.looks;
    await expect.poll(() => memory.looks, soon).toBeGreaterThan(seen + 20);
    const mebibytes = (memory.peak - baseline.rss) / MIB;
    // Who follows the files has had every change meanwhile.
    await edits.expectTold();
    tell('stalled readers of big pages', {
      'MiB more': Math.round(mebibytes),
      edits: edits.count,
      'slowest of them in ms': Math.round(edits.slowest),
    });
    // A chunk of a file, what was made of it, and the stream around it, for each.
    expect(mebibytes).toBeLessThan(100);
    for (const socket of sockets) socket.destroy();
    await expectBaseline(server, baseline);
    expect([server.isRunning, server.complaints]).toEqual([true, '']);
  }, 120_000);
});
