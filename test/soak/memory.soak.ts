import { it } from 'vitest';
import { seed } from '../support/random.ts';
import { MINUTES, TIMEOUT } from './soak.ts';
import { soakEvents } from './soak-events.ts';

it(`events in memory, ${MINUTES} minutes, seed ${seed}`, { timeout: TIMEOUT }, () =>
  soakEvents({ kind: 'memory', limit: 200 }, 100),
);
