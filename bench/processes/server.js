// One contender in a process of its own: node server.js <module> <settings>
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { answer } from './answer.js';
import { startMeter } from './meter.js';
import { jsonPayloads, payloads } from './payload.js';

const { default: contender } = await import(process.argv[2] ?? '');
const server = await contender.start(JSON.parse(process.argv[3] ?? '{}'));

/** A stall counts between two looks at the loop; milliseconds until there was one for sure. */
const LOOK = 5;

/** Readers tell here, one byte for each burst that all of them have. */
let acknowledged = 0;
let onAcknowledged = () => {};
const control = createServer((socket) => {
  socket.on('data', (chunk) => {
    acknowledged += chunk.length;
    onAcknowledged();
  });
  socket.on('error', () => {});
});
control.listen(0, '127.0.0.1');
await once(control, 'listening');
const address = control.address();
const controlPort = typeof address === 'object' ? address?.port : undefined;

let published = 0;
let bursts = 0;
/**
 * Of what `begin` has begun.
 * @type {ReturnType<typeof startMeter> | undefined}
 */
let meter;

/** @param {number} window how many bursts may be under way */
function room(window) {
  return new Promise((resolve) => {
    const look = () => {
      if (bursts - acknowledged < window) resolve(undefined);
    };
    onAcknowledged = look;
    look();
  });
}

/**
 * @param {number} burst
 * @param {number} bytes
 * @param {typeof payloads} [make]
 */
function publish(burst, bytes, make = payloads) {
  const texts = make(published, burst, bytes);
  published += burst;
  bursts += 1;
  server.publish(texts);
}

answer({
  ports: () => ({ port: server.port, path: server.path ?? '/', controlPort }),
  stats: () => server.stats(),

  /** Publishes until it has worked so long; the figures are of that and of its delivery. */
  async slice({ burst, bytes, milliseconds, window, seconds, most, isJson, isLoopWatched }) {
    const before = bursts;
    const make = isJson ? jsonPayloads : payloads;
    const own = startMeter(isLoopWatched);
    if (isLoopWatched) await delay(LOOK);
    do {
      publish(burst, bytes, make);
      await room(window);
      // A turn of the loop for each burst, however fast the readers are.
      await new Promise(setImmediate);
    } while (
      own.worked() < milliseconds &&
      own.milliseconds() < seconds * 1000 &&
      bursts - before < (most ?? Number.POSITIVE_INFINITY)
    );
    await room(1);
    if (isLoopWatched) await delay(LOOK);
    return { events: (bursts - before) * burst, published, ...own.stop() };
  },

  /** Publishes when it is due, whether or not what was before has arrived. */
  async rate({ start, interval, count, bytes }) {
    for (let index = 0; index < count; index += 1) {
      await delay(Math.max(0, start + index * interval - Number(process.hrtime.bigint()) / 1e6));
      publish(1, bytes);
    }
    return { published };
  },

  /** Publishes without waiting for anybody. */
  async fill({ count, bytes }) {
    for (let index = 0; index < count; index += 1) {
      publish(1, bytes);
      await new Promise(setImmediate);
    }
    acknowledged = bursts;
    return { published };
  },

  begin({ isLoopWatched = true }) {
    meter?.stop();
    meter = startMeter(isLoopWatched);
  },
  used: () => meter?.stop(),

  /** What is kept, in bytes; the process has to have `--expose-gc`. */
  async memory() {
    for (let pass = 0; pass < 3; pass += 1) {
      globalThis.gc?.();
      await delay(50);
    }
    const { heapUsed, external, rss } = process.memoryUsage();
    return { heap: heapUsed + external, rss };
  },
});
