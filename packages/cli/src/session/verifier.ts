import type { Verifier } from '@photofinish/runner';
import { PhotofinishError } from '@photofinish/schema';
import { compareInfo, fetchInfo, HttpFault, verifyAnswer } from '@photofinish/workloads';

/** Judges a fresh server by the contract's quick cases and its `/info`. */
export const contractVerifier: Verifier = {
  async verify(server, path, expected, wanted, signal) {
    const results = await verifyAnswer(server, path, expected, signal);
    const wrong = results
      .filter(({ passed }) => !passed)
      .map((result) => `${result.title}: expected ${result.expected}, given ${result.given}`);
    if (wrong.length > 0) return { info: null, differences: [], wrongAnswers: wrong };
    try {
      const info = await fetchInfo(server, signal);
      return { info, differences: compareInfo(info, wanted), wrongAnswers: [] };
    } catch (error) {
      if (error instanceof HttpFault || error instanceof PhotofinishError)
        return { info: null, differences: [], wrongAnswers: [error.message] };
      throw error;
    }
  },
};
