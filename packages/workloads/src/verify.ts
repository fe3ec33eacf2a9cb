import type { CaseResult, ServerUnderTest } from './contract/case.ts';
import { type CaseOptions, contractCases } from './contract/cases.ts';
import { judgeCase, unasked } from './contract/judge-case.ts';
import { Connection } from './http/connection.ts';

/** A server to judge, and how. */
export interface VerifyOptions extends CaseOptions {
  readonly host: string;
  readonly port: number;
  /** Longest wait for one answer, seconds; 20 when absent. */
  readonly timeoutSeconds?: number;
  readonly signal: AbortSignal;
  /** Called with each result as it is there. */
  readonly onResult?: (result: CaseResult) => void;
}

/**
 * Judges a live server against the contract, case by case, and returns a result for every one. A case that gets no answer has failed; after
 * three such in a row the server is taken to be gone and the rest fail unasked. Rejects only with the reason of the signal.
 */
export async function verifyContract(options: VerifyOptions): Promise<CaseResult[]> {
  const { host, port, signal, timeoutSeconds = 20 } = options;
  const results: CaseResult[] = [];
  let unanswered = 0;
  for (const contractCase of contractCases(options)) {
    const server: ServerUnderTest = { connect: () => Connection.open({ host, port, timeoutSeconds, signal }) };
    const { result, answered } =
      unanswered < 3 ? await judgeCase(contractCase, server) : { result: unasked(contractCase), answered: false };
    signal.throwIfAborted();
    unanswered = answered ? 0 : unanswered + 1;
    results.push(result);
    options.onResult?.(result);
  }
  return results;
}
