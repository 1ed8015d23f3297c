import { latencies } from '../runner/latencies.js';

export default {
  name: 'latency',
  isQuick: true,
  title: 'From publish to receive, ten events a second, stamped when they are due',
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { full, readers: [readers = 1000] = [], bytes: [bytes = 100] = [] } = context.options;
    const rounds = context.options.rounds ?? (full ? 15 : 5);
    const rate = { interval: 100, count: full ? 200 : 60, bytes };
    return latencies(context, {
      id: 'latency',
      about: '',
      baseline: 'raw net',
      readers,
      rounds,
      rate,
    });
  },
};
