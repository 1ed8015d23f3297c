import { compare } from '../core/comparison.js';
import { deskContenders } from '../runner/desk-contenders.js';
import { DeskServer, nodeItself } from '../runner/desk-server.js';
import { rotate } from '../runner/rotation.js';
import { makeSite } from '../runner/site.js';

const BASELINE = 'node itself';

export default {
  name: 'start',
  isQuick: true,
  title: 'From the start of the program to its first page',
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { options, random } = context;
    const rounds = options.rounds ?? (options.full ? 21 : 7);
    const site = makeSite();
    try {
      const all = [{ name: BASELINE }, ...(await deskContenders(context))];
      const start = async (/** @type {(typeof all)[number]} */ one) => {
        if (!('command' in one)) return nodeItself();
        const server = await DeskServer.start(one, site.root);
        server.end();
        return server.milliseconds;
      };
      await rotate(all, 1, random, start);
      const measured = await rotate(all, rounds, random, start);
      const about = /** @type {const} */ ({
        id: 'start',
        title: 'From spawn to the first 200',
        unit: 'ms',
        better: 'less',
        baseline: BASELINE,
      });
      return [compare(about, measured, (value) => value)];
    } finally {
      site.remove();
    }
  },
};
