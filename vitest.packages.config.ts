import { defineConfig } from 'vitest/config';

/** The acceptance tests of the packages: real services, which may first have to be downloaded. */
export default defineConfig({
  test: {
    include: ['test/packages/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 900_000,
    pool: 'forks',
    // One service at a time: each takes a machine to itself.
    fileParallelism: false,
  },
});
