import { channelCases } from './store/channel-cases.ts';
import {
  type OpenStore,
  type StoreCase,
  StoreContext,
  type StoreSecondOpeners,
} from './store/context.ts';
import { fidelityCases } from './store/fidelity-cases.ts';
import { followCases } from './store/follow-cases.ts';
import { lifetimeCases } from './store/lifetime-cases.ts';
import { nodeCases } from './store/node-cases.ts';
import { numberCases } from './store/number-cases.ts';
import { pageCases } from './store/page-cases.ts';
import { restartCases } from './store/restart-cases.ts';
import { trimCases } from './store/trim-cases.ts';
import { volatileCases } from './store/volatile-cases.ts';

/** One test of a store: `run` rejects with an AssertionError when the store fails it. */
export interface StoreTest {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/**
 * What every store has to pass, for any test runner:
 *
 *     for (const { name, run } of storeTests(openStore)) test(name, run);
 *
 * `open` resolves to an empty store that keeps at least `limit` entries per channel and not many
 * more (what it likes without a limit, from 1000 on). Each test opens stores of its own and closes
 * them. Openers of a log that is there already add the tests of restarts and of several nodes.
 */
export function storeTests(open: OpenStore, others: StoreSecondOpeners = {}): StoreTest[] {
  return casesFor(others).map(({ name, run }) => ({
    name,
    async run() {
      const context = new StoreContext(open, others);
      try {
        await run(context);
      } finally {
        await context.close();
      }
    },
  }));
}

function casesFor({ reopen, join }: StoreSecondOpeners): readonly StoreCase[] {
  return [
    ...numberCases,
    ...followCases,
    ...pageCases,
    ...trimCases,
    ...channelCases,
    ...fidelityCases,
    ...volatileCases,
    ...lifetimeCases,
    ...(reopen ? restartCases : []),
    ...(join ? nodeCases : []),
  ];
}
