import { defineConfig } from 'vitest/config';
import { strictEnvironment } from '../support/strict-environment.ts';

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['test/soak/*.soak.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    env: strictEnvironment,
    // All of them side by side.
    maxWorkers: 4,
  },
});
