import {
  type AnalysedComparison,
  type Analysis,
  type Metric,
  metricFacts,
  type PlannedTarget,
  type RatioInterval,
  type Stamp,
  type Verdict,
} from '@photofinish/schema';
import { type RatioDomain, ratioDomain, ratioPicture } from '../../charts/ratio-picture.ts';
import { orderedTargets } from '../../charts/rows.ts';
import { type Html, html, nothing } from '../../markup/html.ts';
import { counted, levelText, percent, range, significant, whole } from '../../wording/number.ts';
import { gateText, verdictLabel } from '../../wording/verdict.ts';
import { scrollingTable } from '../table.ts';
import { targetName } from './targets.ts';

/** Glyph, word and colour of a verdict. */
function verdictMark(verdict: Verdict): Html {
  const { glyph, word, tone } = verdictLabel(verdict);
  return html`<span class="verdict tone-${tone}"><span class="glyph" aria-hidden="true">${glyph}</span> ${word}</span>`;
}

const bounds = (interval: RatioInterval | null): string =>
  interval === null ? 'none' : range(interval.lower, interval.upper);

/** What it takes to settle an inconclusive pair. */
function settling({ blocks, blocksNeeded, verdict }: Verdict): Html {
  if (verdict !== 'inconclusive') return nothing;
  return blocksNeeded === null
    ? html` <small>no number of blocks promises an answer</small>`
    : html` <small>${counted(blocksNeeded, 'block')} would settle it; it has ${whole(blocks)}</small>`;
}

/** The gates that refused, with their readings. Without a single pair every other gate repeats what `measured` explains. */
function refusalText({ gates, blocks }: Verdict): string | null {
  const failed = gates.filter(({ passed }) => !passed);
  const unmeasured = blocks === 0 ? failed.filter(({ gate }) => gate === 'measured') : [];
  const named = unmeasured.length > 0 ? unmeasured : failed;
  const text = named.map(gateText).join('; ');
  return text === '' ? null : `Refused. ${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function figureCells(verdict: Verdict, domain: RatioDomain): Html {
  const { adjusted, detectable, interval, margin, ratio } = verdict;
  if (ratio === null)
    return html`<td class="words absent cell-wide" colspan="6">${refusalText(verdict) ?? 'No pair.'}</td>`;
  const adjustedText =
    adjusted === null ? html`none` : html`${bounds(adjusted)} <small>at ${levelText(adjusted.level)}</small>`;
  return html`<td class="cell-picture tone-${verdictLabel(verdict).tone}">${ratioPicture(verdict, domain)}</td><td class="number" data-label="Ratio">${significant(ratio)}</td><td class="number cell-line" data-label="95 % interval">${bounds(interval)}</td><td class="number cell-line cell-adjusted" data-label="Adjusted (Holm)">${adjustedText}</td><td class="number" data-label="Margin">${percent(margin)}</td><td class="number cell-line cell-shown" data-label="Could have shown">${detectable === null ? 'none' : percent(detectable)}${settling(verdict)}</td>`;
}

/** The refusal of a verdict that has figures all the same, on a line below them. */
function refusalRow(verdict: Verdict): Html {
  const text = verdict.ratio === null ? null : refusalText(verdict);
  return text === null ? nothing : html`<tr class="refusal"><td class="words" colspan="8">${text}</td></tr>`;
}

/**
 * `runStamps` stand above the whole page; of them only `shape-only` is repeated, beside verdicts of difference: they were given because the
 * whole interval lies beyond a factor of 1.5.
 */
function rowOf(verdict: Verdict, target: PlannedTarget, domain: RatioDomain, runStamps: readonly Stamp[]): Html {
  const stamps = verdict.stamps
    .filter((stamp) => !runStamps.includes(stamp) || (stamp === 'shape-only' && verdict.direction !== null))
    .map((stamp) => html` <span class="chip">${stamp}</span>`);
  return html`<tr><th scope="row" class="cell-target">${targetName(target)}</th><td class="cell-verdict">${verdictMark(verdict)}${stamps}</td>${figureCells(verdict, domain)}</tr>${refusalRow(verdict)}`;
}

function metricGroup(metric: Metric, comparison: AnalysedComparison, { targets, stamps }: VerdictContext): Html {
  const verdicts = comparison.verdicts.filter((verdict) => verdict.metric === metric);
  const domain = ratioDomain(verdicts);
  const rows = orderedTargets(comparison, targets).flatMap((target) =>
    verdicts
      .filter(({ targetId }) => targetId === target.targetId)
      .map((verdict) => rowOf(verdict, target, domain, stamps)),
  );
  const { title, better } = metricFacts[metric];
  return html`<tbody><tr class="group"><th scope="rowgroup" colspan="8">${title}, ${better} is better</th></tr>${rows}</tbody>`;
}

type VerdictContext = Pick<Analysis, 'targets' | 'stamps'>;

/** Every verdict of a comparison, grouped by metric: the objects that sentences, captions and terminal show too; below it the same in words. */
export function verdictTable(comparison: AnalysedComparison, context: VerdictContext): Html {
  if (comparison.verdicts.length === 0) return html`<p>No verdict: this comparison has no pair of targets.</p>`;
  const metrics = [...new Set(comparison.verdicts.map(({ metric }) => metric))];
  const sentences = comparison.verdicts.map(({ sentence }) => html`<li>${sentence}</li>`);
  return html`${scrollingTable({
    id: `verdicts-${comparison.id}`,
    caption: `Verdicts: ${comparison.title}. Ratio of each target to ${comparison.baseline}`,
    kind: 'verdicts',
    head: html`<tr><th scope="col">Target</th><th scope="col">Verdict</th><th scope="col">Ratio against 1 and margin</th><th scope="col" class="number">Ratio</th><th scope="col" class="number">95 % interval</th><th scope="col" class="number">Adjusted (Holm)</th><th scope="col" class="number">Margin</th><th scope="col" class="number">Could have shown</th></tr>`,
    bodies: metrics.map((metric) => metricGroup(metric, comparison, context)),
  })}
<details><summary>These ${counted(comparison.verdicts.length, 'verdict')} in words</summary><ul class="sentences small">${sentences}</ul></details>`;
}

/** What the A/A aliases read: targets as their own rivals. */
export function aliasReadings(comparison: AnalysedComparison): Html {
  if (comparison.alias.length === 0) return html`<p class="note">No A/A alias was measured in this comparison.</p>`;
  const items = comparison.alias.map(({ metric, ratio, interval, pairs, gate }) => {
    const reading =
      ratio === null ? 'no pair' : `${significant(ratio)}${interval === null ? '' : ` (${bounds(interval)})`}`;
    return html`<li>${metricFacts[metric].title}: ${reading}, ${counted(pairs, 'pair')}, ${gate.passed ? 'passed' : html`<strong>failed: ${gateText(gate)}</strong>`}</li>`;
  });
  return html`<div class="alias"><p class="note">A/A alias, a target measured as its own rival; it must not differ from itself and can only withhold verdicts:</p><ul class="plain">${items}</ul></div>`;
}
