import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // To load the modules again for each file took a third of the time. What a test changes of its
    // process, it puts back.
    isolate: false,
    // Most tests wait for a browser, a process or the disk.
    maxWorkers: 3,
  },
});
