import { HttpFault } from '../http/fault.ts';
import type { CaseResult, ContractCase, ServerUnderTest } from './case.ts';

/**
 * Judges one case. A fault of the connection is what was given, not an error; `answered` is false when the server could not be reached or said
 * nothing in time. Rejects with whatever is no fault of the server, such as the reason of an aborted signal.
 */
export async function judgeCase(
  contractCase: ContractCase,
  server: ServerUnderTest,
): Promise<{ result: CaseResult; answered: boolean }> {
  const { judge, ...facts } = contractCase;
  try {
    return { result: { ...facts, ...(await judge(server)) }, answered: true };
  } catch (fault) {
    if (!(fault instanceof HttpFault)) throw fault;
    const given = fault.given === undefined ? fault.what : `${fault.what} (${fault.given})`;
    const answered = fault.code !== 'E_HTTP_CONNECT' && fault.code !== 'E_HTTP_TIMEOUT';
    return { result: { ...facts, passed: false, given }, answered };
  }
}

/** The result of a case that was not judged because the server is gone. */
export function unasked({ judge: _, ...facts }: ContractCase): CaseResult {
  return { ...facts, passed: false, given: 'not asked: the server no longer answers' };
}
