import { defineConfig } from 'vitest/config';

/** Settings of every package's tests: a readable report, and a file of counts and reasons of skipped tests for the summary of `npm test`. */
export const shared = defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    reporters: ['default', ['json', { outputFile: '.test/vitest.json' }]],
    testTimeout: 20_000,
  },
});
