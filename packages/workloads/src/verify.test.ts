import { describe, expect, test } from 'vitest';
import { contractCases } from './contract/cases.ts';
import { startReference } from './test-kit/reference-server.ts';
import { verifyContract } from './verify.ts';

const signal = new AbortController().signal;
const failuresOf = (results: readonly { passed: boolean }[]) => results.filter((result) => !result.passed);

describe('the verifier', () => {
  test.each([1, 20_260_131, Number.MAX_SAFE_INTEGER])(
    'passes a server that keeps the contract, seed %i',
    async (seed) => {
      await using server = await startReference();
      const { host, port, info } = server;
      const wanted = {
        runtime: info.runtime,
        model: info.model,
        nonce: info.nonce,
        cores: 1,
        processes: 1,
        threads: null,
      };
      const t = performance.now();
      const results = await verifyContract({ host, port, seed, wanted, signal });
      console.log(performance.now() - t, results.length);
      expect(failuresOf(results)).toEqual([]);
      expect(results).toHaveLength(contractCases({ seed, wanted }).length);
    },
  );
});
