import type { AdjustedRatio, AnalysedComparison, PlannedTarget, RatioInterval } from '@photofinish/schema';
import { type Html, html } from '../../markup/html.ts';
import { counted, percent, range, significant, whole } from '../../wording/number.ts';
import { scrollingTable } from '../table.ts';
import { targetName } from './targets.ts';

const bounds = (interval: RatioInterval | null): string =>
  interval === null ? 'none' : range(interval.lower, interval.upper);

function rowOf(one: AdjustedRatio, targets: readonly PlannedTarget[]): Html {
  const target = targets.find(({ targetId }) => targetId === one.targetId);
  const name = target === undefined ? html`${one.targetId}` : targetName(target);
  const cell = (text: string) => html`<td class="number">${text}</td>`;
  return html`<tr><th scope="row">${name}</th>${cell(whole(one.pairs))}${cell(significant(one.ratio))}${cell(bounds(one.interval))}${cell(significant(one.adjustedRatio))}${cell(bounds(one.adjustedInterval))}${cell(significant(one.slope))}${cell(significant(one.baselineSlope))}</tr>`;
}

/** Throughput as it is and adjusted for the speed of the cores, or why it is not adjusted. */
export function speedTable(comparison: AnalysedComparison, targets: readonly PlannedTarget[]): Html {
  const { id, title, baseline, speedAdjustment: found } = comparison;
  if (found.outcome === 'dropped')
    return html`<p class="note">Not adjusted for the speed of the cores: ${found.reason}.</p>`;
  return html`<p class="note">Throughput adjusted for the speed of the cores, second by second; no verdict rests on it. It is shown because a target differs from itself by ${percent(found.adjustedSpread)} adjusted and by ${percent(found.rawSpread)} as it is (standard deviation of ${counted(found.aliasPairs, 'pair')}). Slope: change of throughput in percent where the fixed piece of work takes 1 % longer.</p>
${scrollingTable({
  id: `speed-${id}`,
  caption: `Throughput over ${baseline}, as it is and adjusted for the speed of the cores: ${title}`,
  head: html`<tr><th scope="col">Target</th><th scope="col" class="number">Pairs</th><th scope="col" class="number">Ratio</th><th scope="col" class="number">95 % interval</th><th scope="col" class="number">Adjusted ratio</th><th scope="col" class="number">95 % interval</th><th scope="col" class="number">Slope</th><th scope="col" class="number">Baseline’s slope</th></tr>`,
  bodies: [html`<tbody>${found.ratios.map((one) => rowOf(one, targets))}</tbody>`],
})}`;
}
