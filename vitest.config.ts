import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Limits for what hangs: a busy machine may take its time for anything else.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    // To load the modules again for each file took a third of the time. What a test changes of its
    // process, it puts back.
    isolate: false,
    // Most tests wait for a browser, a process or the disk.
    maxWorkers: 3,
  },
});
