import { compare } from '../core/comparison.js';
import { eachAlone } from '../runner/each-alone.js';
import { SILENT } from '../runner/event-pairs.js';

const READERS = 20;
const STALLED = 10;
const BYTES = 1024;
const BURST = 8;
/** More than the buffers of the system take, which is up to 10 MiB of each connection. */
const EVENTS = 16_000;
const FILLING = 2000;

export default {
  name: 'stalled',
  title: 'A reader that has stopped reading',
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { options } = context;
    const rounds = options.rounds ?? (options.full ? 5 : 3);
    const how = { rounds, suits: () => true, flags: ['--expose-gc'], settings: SILENT };
    const measured = await eachAlone(context, how, async (pair) => {
      await pair.connect(READERS);
      const slice = { burst: BURST, bytes: BYTES, milliseconds: 60_000, seconds: 25 };
      // What is kept for those who come back is kept by then: it is no cost of a stalled reader.
      await pair.slice({ ...slice, most: FILLING / BURST });
      const before = await pair.server.ask({ do: 'memory' });
      await pair.stall(STALLED);
      await pair.slice({ ...slice, most: EVENTS / BURST });
      const after = await pair.server.ask({ do: 'memory' });
      const { readers } = await pair.server.ask({ do: 'stats' });
      if (readers !== READERS) throw new Error(`${READERS - readers} of ${READERS} were cut off`);
      return (after.heap - before.heap) / STALLED / 1024;
    });
    const about = /** @type {const} */ ({
      id: 'stalled',
      title: `Memory of a stalled reader after ${EVENTS.toLocaleString('en-US')} events of 1 KiB`,
      unit: 'KiB',
      better: 'less',
    });
    return [compare(about, measured, (value) => value)];
  },
};
