import type { AnalysedComparison, Metric, Verdict } from '@photofinish/schema';
import type { Row } from './chart.ts';

const weight: Record<Verdict['verdict'], number> = {
  different: 4,
  'different-but-may-be-small': 3,
  'practically-equivalent': 2,
  inconclusive: 1,
  'no-verdict': 0,
};

const distance = (verdict: Verdict): number => Math.abs(Math.log(verdict.ratio ?? 1));

/**
 * The sentence of the verdict that says most: the surest kind, and in it the largest ratio. Captions take it as it stands, so that picture,
 * table and terminal cannot tell different stories.
 */
export function tellingSentence(comparison: AnalysedComparison, metric: Metric): string {
  const [first] = comparison.verdicts
    .filter((verdict) => verdict.metric === metric)
    .sort((a, b) => weight[b.verdict] - weight[a.verdict] || distance(b) - distance(a));
  return (
    first?.sentence ?? 'No verdict was asked of this metric before measuring: the figure describes, it does not judge.'
  );
}

/** A picture in words: its title, its extent, and the highest and lowest readings. */
export function pictureLabel(title: string, rows: readonly Row[]): string {
  const marked = rows.filter((row) => row.mark !== null).sort((a, b) => (b.mark?.value ?? 0) - (a.mark?.value ?? 0));
  const [highest] = marked;
  const lowest = marked.at(-1);
  if (highest === undefined || lowest === undefined) return `${title}: no target has a value.`;
  if (highest === lowest) return `${title}: ${highest.targetId} ${highest.mark?.reading}.`;
  return `${title}, dot plot of ${marked.length} targets. Highest: ${highest.targetId}, ${highest.mark?.reading}. Lowest: ${lowest.targetId}, ${lowest.mark?.reading}.`;
}
