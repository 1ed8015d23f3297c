import { describe, it } from 'vitest';
import { killRepeatedly } from '../support/faults/kill-repeatedly.ts';
import { seed } from '../support/random.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe(`a server on a durable store that is killed under publish (seed ${seed})`, {
  timeout: 60_000,
}, () => {
  it.each(['commit', 'flush'] as const)(
    'loses nothing it has acknowledged (%s)',
    async (durability) => {
      const path = temporaryDirectory();
      const store = { kind: 'durable', path, durability, limit: 100_000 } as const;
      const { load, end } = await killRepeatedly(store);
      load.expectComplete(end);
    },
  );
});
