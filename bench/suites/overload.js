import { latencies } from '../runner/latencies.js';

/** Milliseconds from one event to the next. */
const INTERVAL = 25;

export default {
  name: 'overload',
  title: 'More than most can do: forty events a second for five thousand readers',
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { full, readers: [readers = 5000] = [], bytes: [bytes = 100] = [] } = context.options;
    const rounds = context.options.rounds ?? (full ? 9 : 3);
    const rate = { interval: INTERVAL, count: full ? 120 : 60, bytes, patience: 120 };
    const about = `, ${1000 / INTERVAL} events a second`;
    const baseline = 'plain Readable';
    return latencies(context, { id: 'overload', about, baseline, readers, rounds, rate });
  },
};
