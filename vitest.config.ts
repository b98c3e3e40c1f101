import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      'test/packages/**',
      'test/conformance/**',
      'test/client-programs/**',
      'test/network/**',
      'test/bench/**',
    ],
    // Real processes and sockets: generous for a busy machine, yet bounded.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    pool: 'forks',
    maxWorkers: 2,
  },
});
