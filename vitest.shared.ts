import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './vitest.reporter.ts';

/** Settings of every package's tests. */
export const shared = defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    reporters: ['default', new SummaryReporter('.test/summary.json')],
    testTimeout: 20_000,
  },
});
