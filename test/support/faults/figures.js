// What a server under fault tells of its process. Needs --expose-gc.
import { EventEmitter } from 'node:events';
import { readdirSync } from 'node:fs';
import { queryObjects } from 'node:v8';
import { countClasses } from './heap-classes.js';

// Timers that are unref'd are no resources that Node tells of.
const timer = setTimeout(() => undefined, 0);
const KINDS = [timer.constructor, EventEmitter];
clearTimeout(timer);

/** The route `/figures`; `streams` are the statistics of a hub, `emitters` live as long as the server. */
export function addFigures(app, streams, emitters = []) {
  // Whoever started it may have been ended without a chance to end it.
  const starter = process.ppid;
  setInterval(() => process.ppid === starter || process.exit(), 1000).unref();
  const lasting = { process, server: app.server, stdout: process.stdout, ...emitters };
  app.get('/figures', async ({ query }) => {
    if ('idle' in query) app.server.closeIdleConnections();
    const classes = 'classes' in query ? await countClasses() : {};
    const counted = 'objects' in query ? countObjects() : { objects: {}, timers: {} };
    globalThis.gc();
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
    const resources = {};
    for (const kind of process.getActiveResourcesInfo())
      resources[kind] = 1 + (resources[kind] ?? 0);
    const descriptors = readdirSync('/proc/self/fd').length;
    const listeners = countListeners(lasting);
    const memory = { rss, heapUsed, arrayBuffers };
    return {
      pid: process.pid,
      ...memory,
      resources,
      descriptors,
      listeners,
      ...counted,
      classes,
      streams: streams(),
    };
  });
}

/** Timers, and all that has listeners: how many of each class, and of which milliseconds the timers are. */
function countObjects() {
  const objects = {};
  const timers = {};
  for (const text of KINDS.flatMap((kind) => queryObjects(kind, { format: 'summary' }))) {
    const [, name] = /^(?:<ref \*\d+> )?(\S+)/.exec(text) ?? [];
    count(objects, name);
    const [, milliseconds] = / _idleTimeout: (-?\d+),/.exec(text) ?? [];
    if (milliseconds !== undefined) count(timers, `of ${milliseconds} ms`);
  }
  return { objects, timers };
}

function count(counts, name) {
  counts[name] = 1 + (counts[name] ?? 0);
}

function countListeners(emitters) {
  const counts = {};
  for (const [name, emitter] of Object.entries(emitters)) {
    for (const event of emitter.eventNames()) {
      counts[`${name} ${String(event)}`] = emitter.listenerCount(event);
    }
  }
  return counts;
}
