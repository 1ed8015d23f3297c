import { it } from 'vitest';
import { seed } from '../support/random.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { MINUTES, TIMEOUT } from './soak.ts';
import { soakEvents } from './soak-events.ts';

it(`events on disk, ${MINUTES} minutes, seed ${seed}`, { timeout: TIMEOUT }, () => {
  const path = temporaryDirectory();
  return soakEvents({ kind: 'durable', limit: 200, path, durability: 'flush' }, 25);
});
