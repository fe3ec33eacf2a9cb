import type { Scaling } from '@photofinish/schema';
import type { Figure } from '../../charts/chart.ts';
import { pairGroups, scalingTableOf, speedupText } from '../../charts/scaling.ts';
import { capacitiesText, sweepFigures, sweepGroups } from '../../charts/sweep.ts';
import { type Html, html, nothing } from '../../markup/html.ts';
import { percent, range, significant, whole } from '../../wording/number.ts';
import { figureBlock } from '../figure.ts';
import type { PageInput } from '../page.ts';
import { scrollingTable } from '../table.ts';
import { questionOf } from './comparison.ts';
import { sweepBlock } from './sweep.ts';
import { targetName } from './targets.ts';

const meaning =
  'It is the speedup of a fixed kernel in independent processes: what the host itself showed during the run. Claims on scaling are held against it, not against the number of cores.';

function capacityText({ analysis }: PageInput): string {
  const { parallelCapacity: capacity } = analysis;
  if (capacity === null) return 'The parallel capacity of this host was not measured.';
  if (analysis.parallelCapacities.length > 1)
    return `Parallel capacity of this host. ${capacitiesText(analysis)} ${meaning}`;
  return `Parallel capacity of this host on ${capacity.cores} cores: ${significant(capacity.mean)} (${whole(capacity.readings.length)} readings, ${range(capacity.minimum, capacity.maximum)}). ${meaning}`;
}

function speedupTable(group: readonly [Scaling, ...Scaling[]], { analysis }: PageInput): Html {
  const [first] = group;
  const ordered = [...group].sort((a, b) => (b.speedup ?? 0) - (a.speedup ?? 0));
  const rows = ordered.map((scaling) => {
    const target = analysis.targets.find(({ targetId }) => targetId === scaling.targetId);
    const name = target === undefined ? html`${scaling.targetId}` : targetName(target);
    return html`<tr><th scope="row">${name}</th><td>${speedupText(scaling)}</td><td>${scaling.efficiency === null ? 'no value' : percent(scaling.efficiency)}</td><td>${whole(scaling.pairs)}</td></tr>`;
  });
  return scrollingTable({
    id: scalingTableOf(first),
    caption: `Speedup of ${first.workloadId} from ${whole(first.fromCores)} to ${whole(first.toCores)} cores, paired by block, with 95 % interval`,
    head: html`<tr><th scope="col">Target</th><th scope="col">Speedup</th><th scope="col">Efficiency</th><th scope="col">Pairs</th></tr>`,
    bodies: [html`<tbody>${rows}</tbody>`],
  });
}

/** What more cores brought, beside what the host itself could show. */
export function scalingSection(figures: readonly Figure[], input: PageInput): Html {
  const own = figures.filter(({ chart }) => chart === 'scaling');
  const groups = sweepGroups(input.analysis);
  const sweeps = sweepFigures(input.analysis).flatMap((figure, index) => {
    const group = groups[index];
    return group === undefined ? [] : [sweepBlock(figure, group, input)];
  });
  const pairs =
    own.length === 0
      ? nothing
      : html`<div class="pair">${own.map((figure) => figureBlock(figure, questionOf(figure)))}${pairGroups(input.analysis).map((group) => speedupTable(group, input))}</div>`;
  const body =
    own.length === 0 && sweeps.length === 0
      ? html`<p>Nothing can be said about scaling: this run has no workload at two numbers of cores.</p>`
      : html`${sweeps}${pairs}`;
  return html`<section id="scaling" aria-labelledby="scaling-title">
<h2 id="scaling-title">From one core to all</h2>
<p class="note">${capacityText(input)}</p>
${body}
</section>`;
}
