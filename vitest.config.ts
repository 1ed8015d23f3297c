import { defineConfig } from 'vitest/config';
import { SlowestFirst } from './test/support/slowest-first.ts';
import { strictEnvironment } from './test/support/strict-environment.ts';

const isShuffled = process.argv.some((argument) => argument.startsWith('--sequence.shuffle'));

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    env: strictEnvironment,
    // Limits for what hangs: a busy machine may take its time for anything else.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    // To load the modules again for each file took a third of the time. What a test changes of its
    // process, it puts back.
    isolate: false,
    // Most tests wait for a browser, a process or the disk: two cores have time for five.
    maxWorkers: 5,
    ...(isShuffled ? {} : { sequence: { sequencer: SlowestFirst } }),
  },
});
