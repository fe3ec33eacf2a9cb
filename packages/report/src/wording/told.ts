import type { Analysis } from '@photofinish/schema';

type Told = Pick<Analysis, 'sentences' | 'claims'>;

/** The sentences that no claim says already: claims are shown apart, with their outcome as a mark, and would otherwise be read twice. */
export function sentencesBesideClaims({ sentences, claims }: Told): readonly string[] {
  return sentences.filter(
    (said) => !claims.some(({ sentence, reason }) => said.includes(sentence) && said.includes(reason)),
  );
}

/** The sentences that neither a claim says nor a list of absent targets and left-out comparisons with their remedies. */
export function sentencesBesideLists(analysis: Told & Pick<Analysis, 'targets' | 'leftOut'>): readonly string[] {
  const { targets, leftOut } = analysis;
  return sentencesBesideClaims(analysis).filter(
    (said) =>
      !targets.some(
        ({ targetId, absence }) => absence !== null && said.startsWith(targetId) && said.includes(absence.remedy),
      ) && !leftOut.some(({ comparisonId, reason }) => said.includes(comparisonId) && said.includes(reason)),
  );
}
