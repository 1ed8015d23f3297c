import { setTimeout as delay } from 'node:timers/promises';
import { compare } from '../core/comparison.js';
import { deskContenders } from '../runner/desk-contenders.js';
import { DeskServer } from '../runner/desk-server.js';
import { rotate } from '../runner/rotation.js';
import { makeSite } from '../runner/site.js';

const FOLDERS = 2000;
/** Seconds after the start in which watchers read what is there. */
const SETTLE = 15;
const IDLE = 5;

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
      const all = await deskContenders(context);
      const measured = await rotate(all, rounds, random, async (contender) => {
        tell(`  ${contender.name}`);
        const server = await DeskServer.start(contender, site.root, 120);
        try {
          await delay(SETTLE * 1000);
          const before = server.worked ?? Number.NaN;
          await delay(IDLE * 1000);
          const idle = ((server.worked ?? Number.NaN) - before) / IDLE;
          const { milliseconds, resident } = server;
          return { milliseconds, resident, started: before, idle };
        } finally {
          server.end();
        }
      });
      const less = /** @type {const} */ ({ better: 'less' });
      return [
        compare(
          {
            ...less,
            id: 'big-start',
            title: 'A big site: from spawn to the first 200',
            unit: 'ms',
          },
          measured,
          (one) => one.milliseconds,
        ),
        compare(
          { ...less, id: 'big-scan', title: 'Processor time until all is watched', unit: 'ms' },
          measured,
          (one) => one.started,
        ),
        compare(
          { ...less, id: 'big-memory', title: 'Resident memory then', unit: 'MiB' },
          measured,
          (one) => one.resident,
        ),
        compare(
          {
            ...less,
            id: 'big-idle',
            title: 'Processor time when nothing happens',
            unit: 'ms per s',
          },
          measured,
          (one) => one.idle,
        ),
      ];
    } finally {
      site.remove();
    }
  },
};
