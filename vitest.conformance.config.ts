import { defineConfig } from 'vitest/config';

/** What a real Mesos answered, request by request, held against this master and agent. */
export default defineConfig({
  test: {
    include: ['test/conformance/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
