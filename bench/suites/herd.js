import { compare } from '../core/comparison.js';
import { summarize } from '../core/statistics.js';
import { eachAlone } from '../runner/each-alone.js';
import { SILENT } from '../runner/event-pairs.js';
import { requestHead } from '../runner/pair.js';

const EVENTS = 1000;
/** It takes some thousands of connections until a server has compiled what it does for them. */
const WARM_UPS = 10;
/** One right after the other: once nobody has been there for half a minute V8 begins anew. */
const HERDS = 5;

/** @typedef {{ milliseconds: number, micros: number, loopMax: number }} Return */

const NONE = { milliseconds: Number.NaN, micros: Number.NaN, loopMax: Number.NaN };

export default {
  name: 'herd',
  isQuick: true,
  title: 'Everybody comes back at once, and has missed a thousand events',
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { options } = context;
    const [readers = 1000] = options.readers ?? [];
    const [bytes = 100] = options.bytes ?? [];
    const rounds = options.rounds ?? (options.full ? 9 : 3);
    const how = {
      rounds,
      settings: { history: EVENTS + 1, ...SILENT },
      suits: (/** @type {import('../runner/contenders.js').Contender} */ one) =>
        one.hasReplay === true,
    };
    const measured = await eachAlone(context, how, async (pair) => {
      await pair.connect(0);
      await pair.server.ask({ do: 'fill', count: EVENTS + 1, bytes });
      /** @type {Return[]} */
      const returns = [];
      for (let herd = 0; herd < WARM_UPS + HERDS; herd += 1) {
        returns.push(await comeBack(pair, readers, EVENTS));
      }
      return { first: returns[0] ?? NONE, later: medianOf(returns.slice(WARM_UPS)) };
    });
    const many = readers.toLocaleString('en-US');
    const time = `Until all of ${many} have their ${EVENTS.toLocaleString('en-US')} events`;
    const less = /** @type {const} */ ({ better: 'less' });
    return /** @type {const} */ ([
      ['later', 'herd', ''],
      ['first', 'herd-first', ', the first time'],
    ]).flatMap(([which, id, when]) => [
      compare(
        { ...less, id: `${id}-time`, title: `${time}${when}`, unit: 'ms' },
        measured,
        (one) => one[which].milliseconds,
      ),
      compare(
        {
          ...less,
          id: `${id}-cpu`,
          title: `Server processor time of each of them${when}`,
          unit: 'µs',
        },
        measured,
        (one) => one[which].micros,
      ),
      compare(
        { ...less, id: `${id}-loop`, title: `Longest stall of the event loop${when}`, unit: 'ms' },
        measured,
        (one) => one[which].loopMax,
      ),
    ]);
  },
};

/**
 * @param {import('../runner/pair.js').Pair} pair
 * @param {number} count
 * @param {number} events
 * @returns {Promise<Return>}
 */
async function comeBack({ name, server, readers }, count, events) {
  const { port, path } = await server.ask({ do: 'ports' });
  const { firstId } = await server.ask({ do: 'stats' });
  const head = requestHead(path, 'sse', firstId);
  await server.ask({ do: 'begin' });
  const request = { do: 'herd', port, head, count, events, seconds: 60 };
  const { milliseconds, wrong } = await readers.ask(request, 90);
  const { user, system, loopMax } = await server.ask({ do: 'used' });
  if (wrong > 0) throw new Error(`${name}: ${wrong} of ${count} have not got each event once`);
  await new Promise((resolve) => setTimeout(resolve, 500));
  return { milliseconds, micros: (user + system) / count, loopMax };
}

/** @param {readonly Return[]} returns */
function medianOf(returns) {
  const median = (/** @type {keyof Return} */ figure) =>
    summarize(returns.map((one) => one[figure]))?.median ?? Number.NaN;
  return {
    milliseconds: median('milliseconds'),
    micros: median('micros'),
    loopMax: median('loopMax'),
  };
}
