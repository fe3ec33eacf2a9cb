import type { AnalysedComparison } from '@photofinish/schema';
import type { Figure } from '../../charts/chart.ts';
import { charts } from '../../charts/registry.ts';
import { type Html, html, nothing } from '../../markup/html.ts';
import { figureBlock } from '../figure.ts';
import type { PageInput } from '../page.ts';
import { figuresTable } from './figures-table.ts';
import { speedTable } from './speed-table.ts';
import { aliasReadings, verdictTable } from './verdict-table.ts';

/** The question that the chart of a figure answers. */
export function questionOf(figure: Figure): string {
  return charts.find(({ id }) => id === figure.chart)?.question ?? '';
}

/** One comparison: pictures, the figures behind them, and every verdict. */
export function comparisonSection(
  comparison: AnalysedComparison,
  figures: readonly Figure[],
  { analysis }: PageInput,
): Html {
  const shared = comparison.sharesCores
    ? html`<p class="warning">Server and load generator shared cores here: absolute figures are lower than the server alone would reach; ratios are between targets under the same handicap.</p>`
    : nothing;
  const own = figures.filter(({ comparisonId }) => comparisonId === comparison.id);
  return html`<section class="comparison" id="comparison-${comparison.id}" aria-labelledby="comparison-${comparison.id}-title">
<h2 id="comparison-${comparison.id}-title">${comparison.title}</h2>
<p class="asked">${comparison.description}</p>
${shared}
<div class="figure-grid">${own.map((figure) => figureBlock(figure, questionOf(figure)))}</div>
<h3>The figures behind the pictures</h3>
${figuresTable(comparison, analysis.targets)}
<h3>Verdicts</h3>
${verdictTable(comparison, analysis)}
${aliasReadings(comparison)}
${speedTable(comparison, analysis.targets)}
</section>`;
}

/** Comparisons that the plan left out on this host, with the reason. */
export function leftOutSection({ analysis }: PageInput): Html {
  if (analysis.leftOut.length === 0) return nothing;
  const items = analysis.leftOut.map(
    ({ comparisonId, reason }) => html`<li><code>${comparisonId}</code>: ${reason}</li>`,
  );
  return html`<section id="left-out" aria-labelledby="left-out-title"><h2 id="left-out-title">Left out on this host</h2><ul>${items}</ul></section>`;
}
