import type { ExpectedAnswer, Info, ServerHandle } from '@photofinish/schema';
import type { WantedInfo } from '@photofinish/workloads';

/** What a verifier found: the server's own account, each difference from the plan, and each wrong answer, in words. */
export interface Verification {
  readonly info: Info | null;
  readonly differences: readonly string[];
  readonly wrongAnswers: readonly string[];
}

/** Judges a fresh server before any load: its answer to the very request of the trial, and `/info` against the plan. */
export interface Verifier {
  verify(
    server: ServerHandle,
    path: string,
    expected: ExpectedAnswer,
    wanted: WantedInfo,
    signal: AbortSignal,
  ): Promise<Verification>;
}
