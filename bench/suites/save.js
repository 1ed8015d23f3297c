import { chromium } from 'playwright-core';
import { compare } from '../core/comparison.js';
import { summarize } from '../core/statistics.js';
import { chromiumPath, withoutChromium } from '../runner/chromium.js';
import { deskContenders } from '../runner/desk-contenders.js';
import { DeskServer } from '../runner/desk-server.js';
import { rotate } from '../runner/rotation.js';
import { Tab } from '../runner/saves.js';
import { makeSite } from '../runner/site.js';

const BASELINE = 'Vite';
/** Saves of a kind in a round. */
const SAVES = 3;

export default {
  name: 'save',
  title: 'From the save to the screen, in Chromium',
  obstacle: withoutChromium,
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { options, random, tell } = context;
    const rounds = options.rounds ?? (options.full ? 9 : 3);
    const executablePath = chromiumPath() ?? '';
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
    const browser = await chromium.launch({ executablePath, args });
    try {
      const all = (await deskContenders(context, [BASELINE])).filter((one) => !one.hasNoReload);
      const measured = await rotate(all, rounds, random, async (contender) => {
        tell(`  ${contender.name}`);
        return inTab(browser, contender);
      });
      return /** @type {const} */ ([
        ['stylesheet', 'From the save of a stylesheet until it is applied'],
        ['page', 'From the save of a page until it is shown'],
      ]).map(([kind, title]) =>
        compare(
          { id: `save-${kind}`, title, unit: 'ms', better: 'less', baseline: BASELINE },
          measured,
          (one) => one[kind],
        ),
      );
    } finally {
      await browser.close();
    }
  },
};

/**
 * @param {import('playwright-core').Browser} browser
 * @param {import('../runner/desk-server.js').DeskContender} contender
 */
async function inTab(browser, contender) {
  const site = makeSite();
  const context = await browser.newContext();
  /** @type {DeskServer | undefined} */
  let server;
  try {
    server = await DeskServer.start(contender, site.root);
    const tab = new Tab(await context.newPage(), site.root);
    await tab.open(server.port);
    const several = async (/** @type {'page' | 'stylesheet'} */ kind) => {
      const times = [];
      for (let save = 0; save < SAVES; save += 1) times.push(await tab.save(kind));
      return summarize(times)?.median;
    };
    return { stylesheet: await several('stylesheet'), page: await several('page') };
  } catch (error) {
    throw new Error(`${contender.name}: ${error instanceof Error ? error.message : error}`);
  } finally {
    server?.end();
    await context.close();
    site.remove();
  }
}
