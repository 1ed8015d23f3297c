import { describe, it } from 'vitest';
import { durableStore } from '../../../plugins/events/stores/durable.ts';
import { storeTests } from '../../../plugins/testing/store-tests.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

describe.each(['commit', 'flush'] as const)('the durable store that waits for %s', (durability) => {
  const paths = new WeakMap<object, { path: string; limit?: number }>();

  async function open(options: { path: string; limit?: number }) {
    const store = await durableStore({ ...options, durability });
    paths.set(store, options);
    return store;
  }

  const tests = storeTests(async (options) => open({ ...options, path: temporaryDirectory() }), {
    reopen: (closed) => open(paths.get(closed) ?? { path: '' }),
  });
  for (const { name, run } of tests) it(name, run);
});
