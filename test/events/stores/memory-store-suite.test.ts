import { describe, it } from 'vitest';
import { memoryStore } from '../../../plugins/events/stores/memory.ts';
import { storeTests } from '../../../plugins/testing/store-tests.ts';

describe('the memory store', () => {
  for (const { name, run } of storeTests(async (options) => memoryStore(options))) it(name, run);
});
