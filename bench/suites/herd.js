import { compare } from '../core/comparison.js';
import { SILENT, withPairs } from '../runner/event-pairs.js';
import { requestHead } from '../runner/pair.js';
import { rotate } from '../runner/rotation.js';

/** @typedef {{ milliseconds: number, micros: number, loopMax: number }} Return */

export default {
  name: 'herd',
  isQuick: true,
  title: 'Everybody comes back at once, and has missed a thousand events',
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { options, random } = context;
    const [readers = 1000] = options.readers ?? [];
    const [bytes = 100] = options.bytes ?? [];
    const events = 1000;
    const rounds = options.rounds ?? (options.full ? 9 : 5);
    // It takes some thousands of connections until a server has compiled what it does for them.
    const warmUps = 10;
    const how = {
      readers: 0,
      settings: { history: events + 1, ...SILENT },
      suits: (/** @type {import('../runner/contenders.js').Contender} */ one) =>
        one.hasReplay === true,
    };
    return withPairs(context, how, async (pairs) => {
      for (const { server } of pairs) await server.ask({ do: 'fill', count: events + 1, bytes });
      await rotate(pairs, warmUps, random, (pair) => comeBack(pair, readers, events));
      const measured = await rotate(pairs, rounds, random, (pair) =>
        comeBack(pair, readers, events),
      );
      const many = readers.toLocaleString('en-US');
      const less = /** @type {const} */ ({ better: 'less' });
      return [
        compare(
          {
            ...less,
            id: 'herd-time',
            title: `Until all of ${many} have their ${events.toLocaleString('en-US')} events`,
            unit: 'ms',
          },
          measured,
          (one) => one.milliseconds,
        ),
        compare(
          { ...less, id: 'herd-cpu', title: 'Server processor time of each of them', unit: 'µs' },
          measured,
          (one) => one.micros,
        ),
        compare(
          { ...less, id: 'herd-loop', title: 'Longest stall of the event loop', unit: 'ms' },
          measured,
          (one) => one.loopMax,
        ),
      ];
    });
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
