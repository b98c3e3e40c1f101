import { defineConfig } from 'vitest/config';

/** Several machines on one: network namespaces, between which the line is cut, slowed down and made lossy. Needs root. */
export default defineConfig({
  test: {
    include: ['test/network/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    fileParallelism: false,
  },
});
