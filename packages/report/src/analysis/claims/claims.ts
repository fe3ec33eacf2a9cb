import type { Claim, JudgedClaim, Stamp } from '@photofinish/schema';
import { judgeCeiling } from './ceiling.ts';
import { judgeSpeedup } from './speedup.ts';
import type { ClaimSubject } from './subject.ts';

/** Judges every claim of the experiment on this host, in its order. */
export function judgeClaims(subject: ClaimSubject, stamps: readonly Stamp[]): JudgedClaim[] {
  return subject.plan.experiment.claims.map(
    (claim): JudgedClaim => ({
      id: claim.id,
      sentence: claim.sentence,
      ...judge(claim, subject),
      stamps: [...stamps],
    }),
  );
}

function judge(claim: Claim, subject: ClaimSubject): Pick<JudgedClaim, 'outcome' | 'reason'> {
  switch (claim.rule) {
    case 'ceiling':
      return judgeCeiling(claim, subject);
    case 'speedup':
      return judgeSpeedup(claim, subject);
  }
}
