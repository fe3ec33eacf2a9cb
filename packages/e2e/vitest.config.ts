import { mergeConfig } from 'vitest/config';
import { shared } from '../../vitest.shared.ts';

/** One file after the other: each measures on all cores of the machine. */
export default mergeConfig(shared, { test: { fileParallelism: false, testTimeout: 60_000 } });
