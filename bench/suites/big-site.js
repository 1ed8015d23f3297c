import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { compare } from '../core/comparison.js';
import { summarize } from '../core/statistics.js';
import { deskContenders } from '../runner/desk-contenders.js';
import { DeskServer } from '../runner/desk-server.js';
import { rotate } from '../runner/rotation.js';
import { fileIn, makeSite } from '../runner/site.js';
import { Wire } from '../runner/wire.js';

const FOLDERS = 2000;
/** Those that are measured where not all are. */
const FEW = ['dev-serve', 'Vite', 'live-server', 'browser-sync'];
/** Seconds after the start in which watchers read what is there, at most. */
const SETTLE = 20;
/** Milliseconds of processor time in a second by which a server counts as at rest. */
const REST = 10;
const IDLE = 4;
const SAVES = 5;
/** Milliseconds until a save counts as not told. */
const PATIENCE = 5000;
/** Milliseconds without a change after which a checkout counts as told. */
const QUIET = 3000;
const LONGEST_CHECKOUT = 30_000;

/** @typedef {Awaited<ReturnType<typeof measure>>} Measured */

/** @type {readonly [keyof Measured, string, string][]} */
const FIGURES = [
  ['start', 'A big site: from spawn to the first 200', 'ms'],
  ['scan', 'Processor time until all is watched', 'ms'],
  ['memory', 'Resident memory then', 'MiB'],
  ['idle', 'Processor time when nothing happens', 'ms per s'],
  ['save', 'From one save in 20,000 files to the event on the wire', 'ms'],
  ['checkout', 'From the end of a checkout that rewrites 5,000 of them to the last event', 'ms'],
  ['checkout-events', 'Events that tell of it', 'events'],
  ['checkout-cpu', 'Processor time of the server for it', 'ms'],
];

export default {
  name: 'big-site',
  title: 'Twenty thousand files in two thousand folders',
  obstacle: () =>
    process.platform === 'linux' ? undefined : 'memory of other programs: run it on Linux',
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { options, random, tell } = context;
    const rounds = options.rounds ?? (options.full ? 3 : 1);
    const site = makeSite(FOLDERS);
    try {
      const isAsked = (/** @type {string} */ name) =>
        options.full || options.contenders !== undefined || FEW.includes(name);
      const all = (await deskContenders(context)).filter(({ name }) => isAsked(name));
      const measured = await rotate(all, rounds, random, async (contender) => {
        tell(`  ${contender.name}`);
        return measure(contender, site.root);
      });
      return FIGURES.map(([figure, title, unit]) =>
        compare(
          { id: `big-${figure}`, title, unit, better: 'less' },
          measured,
          (one) => one[figure],
        ),
      );
    } finally {
      site.remove();
    }
  },
};

/**
 * @param {import('../runner/desk-server.js').DeskContender} contender
 * @param {string} root
 */
async function measure(contender, root) {
  const server = await DeskServer.start(contender, root, { seconds: 120 });
  /** @type {Wire | undefined} */
  let wire;
  try {
    await settle(server);
    const scan = worked(server);
    const memory = server.resident;
    await delay(IDLE * 1000);
    const idle = (worked(server) - scan) / IDLE;
    const address = await contender.wire?.(server.port);
    wire = address && (await Wire.open(address));
    return {
      ...{ start: server.milliseconds, scan, memory, idle },
      save: wire && (await save(wire, root)),
      ...(wire && (await checkOut(wire, server, root))),
    };
  } finally {
    wire?.end();
    server.end();
  }
}

/** @param {DeskServer} server */
async function settle(server) {
  for (let second = 0, before = 0; second < SETTLE; second += 1) {
    await delay(1000);
    const now = worked(server);
    if (second > 1 && now - before < REST) return;
    before = now;
  }
}

/** @param {DeskServer} server */
function worked(server) {
  return server.worked ?? Number.NaN;
}

/**
 * @param {Wire} wire
 * @param {string} root
 */
async function save(wire, root) {
  const times = [];
  for (let one = 0; one < SAVES; one += 1) {
    await delay(1000);
    const next = wire.next(PATIENCE);
    const begun = performance.now();
    writeFileSync(join(root, fileIn(1234, one)), `<!doctype html><title>${Math.random()}</title>`);
    const told = await next;
    if (told !== undefined) times.push(told - begun);
  }
  return summarize(times)?.median;
}

/**
 * Replaces every file of a quarter as `git checkout` does: it removes and makes each.
 * @param {Wire} wire
 * @param {DeskServer} server
 * @param {string} root
 */
async function checkOut(wire, server, root) {
  await delay(1000);
  const [count, work] = [wire.count, worked(server)];
  for (let folder = 0; folder < FOLDERS; folder += 1) {
    for (let file = 0; file < 2 + (folder % 2); file += 1) {
      const path = join(root, fileIn(folder, file));
      rmSync(path);
      writeFileSync(path, `<!doctype html><title>${Math.random()}</title>`);
    }
  }
  const end = performance.now();
  while (performance.now() - end < LONGEST_CHECKOUT && (await wire.next(QUIET)) !== undefined);
  const events = wire.count - count;
  return {
    checkout: events > 0 ? Math.max(0, wire.lastAt - end) : undefined,
    'checkout-events': events,
    'checkout-cpu': worked(server) - work,
  };
}
