import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';

const STEP = 512 * 1024;
/** Milliseconds. */
const PAUSE = 100;

/** Has a client take a part of what waits for it ever again, until the test ends; tells how much it has. */
export function takeLittleByLittle(client: Readable): () => number {
  let [received, most] = [0, 0];
  client.pause();
  client.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received >= most) client.pause();
  });
  const timer = setInterval(() => {
    most = received + STEP;
    client.resume();
  }, PAUSE);
  onTestFinished(() => clearInterval(timer));
  return () => received;
}
