// Many readers of one contender, as cheap as they can be: plain sockets that count markers.
import { once } from 'node:events';
import { connect } from 'node:net';
import { createHistogram } from 'node:perf_hooks';
import { answer } from './answer.js';
import { GzipReader } from './gzip-reader.js';
import { memory, Reader } from './reader.js';
import { Witness } from './witness.js';

const HOST = '127.0.0.1';
/** How many connections are being opened at a time. */
const AT_ONCE = 50;
/** Readers whose bytes are looked at one by one. */
const WITNESSES = 4;

/** @type {(Reader | GzipReader)[]} */
const readers = [];
/** @type {(Reader | GzipReader)[]} */
const stalled = [];
/** @type {import('node:net').Socket | undefined} */
let control;
/** Of all readers; `empty` are reads without an event. */
const total = { events: 0, bytes: 0, empty: 0 };
/** Events of all readers until the next burst counts as delivered. */
let [perBurst, next] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
/** When the events of a rate are due, by their number. */
let rate = { start: 0, interval: 0, first: Number.POSITIVE_INFINITY };
const latencies = createHistogram();
let closed = 0;
let isWebSocket = false;
const now = () => Number(process.hrtime.bigint()) / 1e6;

/** @type {import('./reader.js').Account} */
const account = {
  read(bytes, events) {
    total.bytes += bytes;
    total.events += events;
    if (events === 0) total.empty += 1;
    while (total.events >= next) {
      next += perBurst;
      control?.write('.');
    }
  },
  found(at) {
    const number = Number(memory.toString('latin1', at + 1, at + 10));
    if (!(number >= rate.first)) return;
    const due = rate.start + (number - rate.first) * rate.interval;
    latencies.record(Math.max(1, Math.round((now() - due) * 1000)));
  },
  isTimed: () => rate.first !== Number.POSITIVE_INFINITY,
  closed() {
    closed += 1;
  },
};

/**
 * @param {{ port: number, head: string, path?: string, isGzip?: boolean }} place
 * @returns {Promise<Reader | GzipReader>}
 */
function open({ port, head, path = '/', isGzip = false }) {
  return new Promise((resolve, reject) => {
    const reader = isGzip
      ? new GzipReader({ port, host: HOST, path }, account)
      : new Reader(connect, { port, host: HOST }, head, account);
    reader.onHead = (error) => (error ? reject(error) : resolve(reader));
  });
}

answer({
  async connect({ count, controlPort, hasIds, kind, ...place }) {
    isWebSocket = kind === 'websocket';
    if (control === undefined) {
      control = connect({ port: controlPort, host: HOST, noDelay: true });
      await once(control, 'connect');
    }
    while (readers.length < count) {
      const some = Math.min(AT_ONCE, count - readers.length);
      readers.push(...(await Promise.all(Array.from({ length: some }, () => open(place)))));
    }
    // Each has a compressed stream of its own.
    const witnesses = place.isGzip ? readers : readers.slice(0, WITNESSES);
    for (const reader of witnesses) reader.witness ??= new Witness(hasIds);
    return { readers: readers.length };
  },

  /** From here on a byte to the server for each burst. */
  expect({ burst }) {
    perBurst = burst * readers.length;
    next = total.events + perBurst;
    total.bytes = 0;
    total.empty = 0;
  },

  /** The last of the readers read no more, and nobody waits for them. */
  stall({ count }) {
    stalled.push(...readers.splice(-count));
    for (const reader of stalled) reader.pause();
  },

  timing({ start, interval, first }) {
    rate = { start, interval, first };
    latencies.reset();
  },

  /** Resolves once all have so many events, or so many seconds are over. */
  async arrival({ published, patience }) {
    const until = performance.now() + patience * 1000;
    while (readers.some(({ events }) => events < published) && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  },

  /** In milliseconds. */
  latency() {
    rate.first = Number.POSITIVE_INFINITY;
    const at = (/** @type {number} */ part) => latencies.percentile(part) / 1000;
    return { p50: at(50), p99: at(99), count: latencies.count };
  },

  /** All at once come back for what they have missed, and leave when they have it. */
  async herd({ port, head, count, events, seconds }) {
    const begun = performance.now();
    const herd = await Promise.all(Array.from({ length: count }, () => open({ port, head })));
    const until = begun + seconds * 1000;
    while (herd.some((reader) => reader.events < events) && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const milliseconds = performance.now() - begun;
    const wrong = herd.filter((reader) => reader.events !== events).length;
    for (const reader of herd) reader.leave();
    return { milliseconds, wrong };
  },

  /** Whether each reader has each event, once and in order. */
  check({ published }) {
    let [missing, extra, disorder] = [0, 0, 0];
    for (const { events, witness } of readers) {
      missing += Math.max(0, published - events);
      extra += Math.max(0, events - published);
      witness?.end();
      disorder += witness?.faults ?? 0;
    }
    // A ping in the midst of events has not been seen.
    if (isWebSocket) for (const reader of readers) reader.pong();
    return { missing, extra, disorder, closed, bytes: total.bytes, empty: total.empty };
  },
});
