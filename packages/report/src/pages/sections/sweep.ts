import type { CoreSweep, LawParameter, ScalabilityLaw } from '@photofinish/schema';
import { levelText, type SweepFigure, type SweepGroup, sweepTableOf } from '../../charts/sweep.ts';
import { sweepPicture } from '../../charts/sweep-picture.ts';
import { type Html, html } from '../../markup/html.ts';
import { counted, percent, range, whole } from '../../wording/number.ts';
import { isBeyond, parameterText, peakText, worstResidualText } from '../../wording/scalability.ts';
import type { PageInput } from '../page.ts';
import { scrollingTable } from '../table.ts';
import { targetName } from './targets.ts';

const question = 'What does each doubling of cores bring, and where does it end?';

function nameOf({ targetId }: CoreSweep, { analysis }: PageInput): Html {
  const target = analysis.targets.find((each) => each.targetId === targetId);
  return target === undefined ? html`${targetId}` : targetName(target);
}

function inOrder(group: SweepGroup): readonly CoreSweep[] {
  return [...group].sort((a, b) => (b.levels.at(-1)?.speedup ?? 0) - (a.levels.at(-1)?.speedup ?? 0));
}

/** `5`, or `3 to 5` where levels differ. */
function pairsText({ levels }: CoreSweep): string {
  const pairs = levels.slice(1).map((level) => level.pairs);
  const [fewest, most] = [Math.min(...pairs), Math.max(...pairs)];
  return fewest === most ? whole(fewest) : range(fewest, most, whole);
}

function speedupTable(group: SweepGroup, input: PageInput): Html {
  const [first] = group;
  const [foot, ...larger] = first.levels;
  const rows = inOrder(group).map((sweep) => {
    const cells = sweep.levels
      .slice(1)
      .map(
        (level) =>
          html`<td>${levelText(level)}</td><td>${level.efficiency === null ? 'no value' : percent(level.efficiency)}</td>`,
      );
    return html`<tr><th scope="row">${nameOf(sweep, input)}</th>${cells}<td>${pairsText(sweep)}</td></tr>`;
  });
  const heads = larger.map(({ cores }) => html`<th scope="colgroup" colspan="2">${counted(cores, 'core')}</th>`);
  const parts = larger.map(() => html`<th scope="col">Speedup</th><th scope="col">Efficiency</th>`);
  return scrollingTable({
    id: sweepTableOf(first),
    caption: `Speedup of ${first.workloadId} over ${counted(foot?.cores ?? 1, 'core')}, paired by block, with 95 % interval`,
    head: html`<tr><th scope="col" rowspan="2">Target</th>${heads}<th scope="col" rowspan="2">Pairs</th></tr><tr>${parts}</tr>`,
    bodies: [html`<tbody>${rows}</tbody>`],
  });
}

function lawCells(law: ScalabilityLaw, sweep: CoreSweep): Html {
  if (law.outcome === 'refused') return html`<td colspan="4">Not fitted: ${law.reason}.</td>`;
  const parameter = (each: LawParameter) => html`<td>${parameterText(each)}</td>`;
  return html`${parameter(law.alpha)}${parameter(law.beta)}<td>${peakText(sweep, law)}${isBeyond(sweep, law) ? ', beyond those measured' : ''}</td><td>${worstResidualText(sweep)}</td>`;
}

function lawTable(group: SweepGroup, input: PageInput): Html {
  const [first] = group;
  const rows = inOrder(group).map(
    (sweep) => html`<tr><th scope="row">${nameOf(sweep, input)}</th>${lawCells(sweep.law, sweep)}</tr>`,
  );
  return scrollingTable({
    id: `sweep-law-${first.id}`,
    caption: `Universal Scalability Law of ${first.workloadId}, fitted to all levels, with 95 % interval`,
    head: html`<tr><th scope="col">Target</th><th scope="col">Contention α</th><th scope="col">Coherency β</th><th scope="col">Peak, cores</th><th scope="col">Largest residual</th></tr>`,
    bodies: [html`<tbody>${rows}</tbody>`],
  });
}

/** A sweep of cores: a panel for each target, the speedups of every level, and what the scalability law makes of them. */
export function sweepBlock(figure: SweepFigure, group: SweepGroup, input: PageInput): Html {
  return html`<figure class="figure" id="${figure.id}">
<h3>${figure.title}</h3>
<p class="question">${question}</p>
${sweepPicture(figure.plot)}
<figcaption><p>${figure.caption}</p><p class="legend">${figure.legend} <a href="#${figure.table}">The same figures as a table</a></p></figcaption>
</figure>
${speedupTable(group, input)}
${lawTable(group, input)}
<p class="note">The law: throughput on N cores is λ N / (1 + α (N − 1) + β N (N − 1)). α is the share of work that waits its turn, β the cost of keeping each pair of cores in step; with β above 0 throughput turns at the peak. It describes the levels measured here; a peak beyond them is an extrapolation. Intervals: jackknife over blocks. Levels on SMT siblings, or on cores shared with the load generator, are shown and not fitted.</p>`;
}
