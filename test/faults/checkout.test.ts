import { describe, expect, it, onTestFinished } from 'vitest';
import { createDevServer } from '../../server/create-dev-server.ts';
import { folderWith } from '../files/watch-folder.ts';
import { busyFactor } from '../support/busy.ts';
import { countLoads, hasChromium, quietWindow, useChromium } from '../support/chromium.ts';
import { FollowedSite } from '../support/faults/followed-site.ts';
import { inForm, isLong, tell } from '../support/faults/form.ts';
import { GitTrees } from '../support/faults/git-trees.ts';

const FILES = inForm(500, 5000);
const chromium = useChromium();
const long = { timeout: 60_000, interval: 20 };

describe(`git checkout between two trees of ${FILES} files`, { timeout: 120_000 }, () => {
  it('is told so that who follows the events has the tree that is on the disk', async () => {
    const root = await folderWith({});
    const trees = new GitTrees(root, FILES);
    const site = await FollowedSite.start(root);
    await site.rest();
    // The last ones follow one another before all of the first is seen.
    for (const branches of [['two'], ['one', 'two']] as const) {
      const begun = performance.now();
      for (const branch of branches) await trees.checkout(branch);
      const checkedOut = performance.now();
      await expect.poll(() => site.mirror.differences(), long).toEqual([]);
      const end = performance.now();
      tell(`checkout of ${branches.join(', ')}`, {
        events: site.take(),
        'ms of git': Math.round(checkedOut - begun),
        'ms until all was told': Math.round(end - checkedOut),
      });
      if (isLong) expect(end - checkedOut).toBeLessThan(1000 * busyFactor());
    }
    await site.expectExact();
  });

  it.skipIf(!hasChromium)('is at most two reloads of a page', async () => {
    const root = await folderWith({});
    const trees = new GitTrees(root, FILES);
    const server = await createDevServer({ root, host: '127.0.0.1', port: 0 });
    onTestFinished(() => server.close());
    const tab = await (await chromium.newContext()).newPage();
    await tab.goto(await server.listen());
    const count = countLoads(tab);
    await trees.checkout('two');
    await expect.poll(() => tab.locator('body').textContent(), long).toBe('two');
    await quietWindow(1500);
    expect(await tab.locator('body').textContent()).toBe('two');
    expect(count.loads).toBeLessThanOrEqual(2);
  });
});
