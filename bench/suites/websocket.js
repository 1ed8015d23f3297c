import { compare } from '../core/comparison.js';
import { isWebSocket } from '../runner/contender-kinds.js';
import { SILENT, withPairs } from '../runner/event-pairs.js';
import { rotate } from '../runner/rotation.js';

const BASELINE = 'ws';
/** What the fan-out is compared with. */
const RAW = 'raw net';

/** @param {import('../runner/contenders.js').Contender} one */
const isSuited = (one) => isWebSocket(one) || one.name === RAW;

export default {
  name: 'websocket',
  isQuick: true,
  title: 'The same over WebSocket',
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { options, random, tell } = context;
    const [bytes = 100] = options.bytes ?? [];
    const rounds = options.rounds ?? (options.full ? 15 : 7);
    const comparisons = [];
    for (const readers of options.readers ?? [100, 1000]) {
      const how = { readers, always: [BASELINE, RAW], suits: isSuited, settings: SILENT };
      const found = await withPairs(context, how, async (pairs) => {
        const ofSize = [];
        for (const burst of options.bursts ?? [1, 8]) {
          tell(`  ${bytes} bytes, ${burst} a turn`);
          const what = { burst, bytes };
          await rotate(pairs, 1, random, (one) => one.slice({ ...what, milliseconds: 400 }));
          const slice = { ...what, milliseconds: 150 };
          const measured = await rotate(pairs, rounds, random, (one) => one.slice(slice));
          const about = /** @type {const} */ ({
            id: `websocket-${readers}-${bytes}B-${burst}`,
            title: `WebSocket, ${readers.toLocaleString('en-US')} readers, ${burst} a turn`,
            unit: 'µs per delivery',
            better: 'less',
            baseline: BASELINE,
          });
          ofSize.push(compare(about, measured, (one) => one.micros));
        }
        return ofSize;
      });
      comparisons.push(...found);
    }
    return comparisons;
  },
};
