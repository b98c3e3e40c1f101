import { defineConfig } from 'vitest/config';

/** Programs that others wrote for Mesos and DC/OS, from their registries, against the built executable. */
export default defineConfig({
  test: {
    include: ['test/client-programs/**/*.test.ts'],
    // Every program that is started has a deadline of its own, below this one.
    testTimeout: 150_000,
    hookTimeout: 300_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
