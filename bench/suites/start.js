import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { compare } from '../core/comparison.js';
import { deskContenders } from '../runner/desk-contenders.js';
import { DeskServer, nodeItself } from '../runner/desk-server.js';
import { rotate } from '../runner/rotation.js';
import { makeSite } from '../runner/site.js';

const BASELINE = 'node itself';
const OWN = 'dev-serve';
/** Milliseconds in which a program writes what makes its next start faster: Vite does after ten seconds. */
const SETTLING = 12_000;

export default {
  name: 'start',
  isQuick: true,
  title: 'From the start of the program to its first page',
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { options, random } = context;
    const rounds = options.rounds ?? (options.full ? 21 : 7);
    const site = makeSite();
    const caches = mkdtempSync(join(tmpdir(), 'bench-caches-'));
    try {
      const desk = await deskContenders(context);
      const first = desk
        .filter(({ name }) => name === OWN)
        .map((one) => ({ ...one, name: `${OWN}, the first time`, isFirst: true }));
      const all = [{ name: BASELINE }, ...desk, ...first];
      const start = async (/** @type {(typeof all)[number]} */ one, settling = 0) => {
        if (!('command' in one)) return nodeItself();
        const cache = 'isFirst' in one ? mkdtempSync(join(caches, 'new-')) : join(caches, 'kept');
        const env = { XDG_CACHE_HOME: cache };
        const server = await DeskServer.start(one, site.root, { env });
        await delay(settling);
        server.end();
        return server.milliseconds;
      };
      await rotate(all, 1, random, (one) => start(one, SETTLING));
      const measured = await rotate(all, rounds, random, (one) => start(one));
      const about = /** @type {const} */ ({
        id: 'start',
        title: 'From spawn to the first 200',
        unit: 'ms',
        better: 'less',
        baseline: BASELINE,
      });
      return [compare(about, measured, (value) => value)];
    } finally {
      rmSync(caches, { recursive: true, force: true });
      site.remove();
    }
  },
};
