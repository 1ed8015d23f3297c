/**
 * What dev-serve means to reach, figure by figure; the ids are those of the suites.
 * @type {readonly import('./verdicts.js').Target[]}
 */
export const TARGETS = [
  ...fanOut('1', {
    'raw net': 1.15,
    'plain Readable': 0.85,
    '@fastify/sse by default': 0.75,
    '@fastify/sse': 0.75,
    'better-sse by default': 0.65,
    'better-sse': 0.65,
  }),
  ...fanOut('8', {
    'raw net': 0.17,
    'plain Readable': 0.55,
    '@fastify/sse by default': 0.28,
    '@fastify/sse': 0.28,
    'better-sse by default': 0.26,
    'better-sse': 0.26,
  }),
  ...more('deliveries a second, saturated', 'saturation-*-4', 'dev-serve', {
    'raw net': 4,
    'better-sse': 6,
    '@fastify/sse': 6,
  }),
  less('WebSocket, one event a turn', 'websocket-*-*-1', 'dev-serve websocket', 'ws', 0.95),
  less('WebSocket, 8 events a turn', 'websocket-*-*-8', 'dev-serve websocket', 'ws', 0.15),
  limit('heap and external of an idle connection', 'idle-heap-9000', 5.3),
  limit('the same with a log of requests', 'idle-heap-logged-9000', 6.3),
  limit('resident memory of an idle connection', 'idle-rss-9000', 7),
  less('resident memory of an idle connection', 'idle-rss-9000', 'dev-serve', '@fastify/sse', 1),
  less('processor time of a connect', 'connect', 'dev-serve', 'node:http', 1.45),
  less('processor time of a connect', 'connect', 'dev-serve', '@fastify/sse', 0.95),
  less('processor time of a connect', 'connect', 'dev-serve', 'better-sse', 0.5),
  limit('memory of a stalled reader', 'stalled', 128),
  ...herd('herd', ''),
  ...herd('herd-first', ', the first time'),
  limit('event loop while 10,000 are served', 'loop-stall', 35),
  less('publish to receive, median', 'latency-p50', 'dev-serve', 'raw net', 1.15),
  less('publish to receive, 99 %', 'latency-p99', 'dev-serve', 'raw net', 1.15),
  less('more than most can do, 99 %', 'overload-p99', 'dev-serve', 'plain Readable', 0.5),
  limit('heartbeats of 10,000: event loop, over none', 'heartbeats-loop', 10),
  limit('heartbeats: to readers of a live channel', 'heartbeats-live', 0.01),
  less('save to stylesheet applied', 'save-stylesheet', 'dev-serve', 'Vite', 0.8),
  less('save to new page shown', 'save-page', 'dev-serve', 'Vite', 0.8),
  less('spawn to first 200', 'start', 'dev-serve', 'node itself', 2.5),
  less('spawn to first 200', 'start', 'dev-serve', 'Vite', 1),
  less('the first start of all', 'start', 'dev-serve, the first time', 'node itself', 2.5),
  ...more('requests a second, asset', 'requests-asset', 'dev-serve', {
    'plain @fastify/static': 0.95,
  }),
  ...more('requests a second, page', 'requests-page', 'dev-serve', {
    'plain @fastify/static': 0.8,
  }),
  less('Redis: processor time, 1,000 channels', 'redis-cpu', '1,000 channels', '10 channels', 1.2),
  limit('Redis: added latency, median', 'redis-p50', 0.5),
  limit('Redis: added latency, 99 %', 'redis-p99', 4),
];

/**
 * @param {string} burst
 * @param {Record<string, number>} limits
 */
function fanOut(burst, limits) {
  const what = `processor time of a delivery, ${burst} a turn`;
  return Object.entries(limits).map(([against, atMost]) =>
    less(what, `fan-out-*-*-${burst}`, 'dev-serve', against, atMost),
  );
}

/**
 * @param {string} id
 * @param {string} when
 */
function herd(id, when) {
  return [
    less(`1,000 readers resume 1,000 events${when}`, `${id}-time`, 'dev-serve', 'peer', 0.25),
    less(`processor time of it${when}`, `${id}-cpu`, 'dev-serve', 'peer', 0.3),
    less(`processor time of it${when}`, `${id}-cpu`, 'dev-serve', 'plain Readable', 0.3),
    limit(`event loop meanwhile${when}`, `${id}-loop`, 120),
  ];
}

/**
 * @param {string} what
 * @param {string} figures
 * @param {string} contender
 * @param {string} against
 * @param {number} atMost
 */
function less(what, figures, contender, against, atMost) {
  return { what, figures, contender, against, atMost };
}

/**
 * @param {string} what
 * @param {string} figures
 * @param {string} contender
 * @param {Record<string, number>} limits
 */
function more(what, figures, contender, limits) {
  return Object.entries(limits).map(([against, atLeast]) => ({
    ...{ what, figures, contender, against, atLeast },
  }));
}

/**
 * @param {string} what
 * @param {string} figures
 * @param {number} atMost
 */
function limit(what, figures, atMost) {
  return { what, figures, contender: 'dev-serve', atMost };
}
