import { expect, it } from 'vitest';
import { CommandServer } from '../support/faults/command-server.ts';
import { StreamChurn } from '../support/faults/stream-churn.ts';
import { useSite } from '../support/faults/use-site.ts';
import { randomFrom, seed } from '../support/random.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { MINUTES, soak, TIMEOUT, type Use } from './soak.ts';

/** Files that are edited, pages that are loaded, and streams. */
function useOfSite({ origin }: CommandServer, root: string): Use {
  const random = randomFrom(seed);
  const settings = { port: Number(new URL(origin).port), paths: ['/events'], perSecond: 20 };
  return async (milliseconds) => {
    const churn = new StreamChurn({ ...settings, longest: 2000, random });
    const use = { origin, root, perSecond: 10 };
    const { count: loads, failed } = await useSite(use, AbortSignal.timeout(milliseconds));
    churn.stop();
    const { connections, bytes, refused } = churn;
    return { figures: { connections, bytes, loads }, wrong: [...failed, ...refused] };
  };
}

it(`a dev server, ${MINUTES} minutes, seed ${seed}`, { timeout: TIMEOUT }, async () => {
  const root = temporaryDirectory();
  const server = await CommandServer.start(root);
  await soak('soak, dev server', server, useOfSite(server, root));
  expect([server.isRunning, server.complaints]).toEqual([true, '']);
});
