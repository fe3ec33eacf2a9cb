import { metricFacts, type PlannedComparison } from '@photofinish/schema';
import { type Html, html } from '../../markup/html.ts';
import { metricDefinitions } from '../../wording/metric.ts';
import { counted, percent, significant, whole } from '../../wording/number.ts';
import { placementText } from '../../wording/placement.ts';
import type { PageInput } from '../page.ts';
import { scrollingTable } from '../table.ts';
import { facts } from './environment.ts';

const loopText = ({ load: { arrivals } }: PlannedComparison): string =>
  arrivals.loop === 'closed'
    ? `closed, ${counted(arrivals.connections, 'connection')}`
    : `open, ${arrivals.process}, ${significant(arrivals.rate)} /s over ${counted(arrivals.connections, 'connection')}`;

function loadTable({ plan }: PageInput): Html {
  const rows = plan.comparisons.map((comparison) => {
    const { load, workload, targetCores, generatorCores, sharesCores, sharesPhysicalCores, sizes } = comparison;
    const { warmup, window } = load;
    return html`<tr><th scope="row">${comparison.title}</th><td><code>GET ${workload.path}</code></td><td>${loopText(comparison)}</td><td>${targetCores.join(', ')}</td><td>${generatorCores.join(', ')}${sharesCores ? ' (shared)' : sharesPhysicalCores ? ' (SMT sibling)' : ''}</td><td>${counted(sizes.threads, 'thread')}, ${counted(sizes.cpuPool, 'CPU worker')}</td><td>${warmup.minimumSeconds} to ${warmup.maximumSeconds} s, at least ${counted(warmup.minimumResponses, 'response')}</td><td>${window.seconds} to ${window.maximumSeconds} s, until ${counted(window.minimumResponses, 'response')}</td><td>${load.drain.maximumSeconds} s</td><td>${load.timeoutSeconds} s</td></tr>`;
  });
  return scrollingTable({
    id: 'load',
    caption: 'What each comparison asks, on which cores',
    head: html`<tr><th scope="col">Comparison</th><th scope="col">Request</th><th scope="col">Loop</th><th scope="col">Target cores</th><th scope="col">Generator cores</th><th scope="col">Pool sizes</th><th scope="col">Warm-up</th><th scope="col">Window</th><th scope="col">Drain, at most</th><th scope="col">Time-out</th></tr>`,
    bodies: [html`<tbody>${rows}</tbody>`],
  });
}

function orderTable({ plan }: PageInput): Html {
  const rows = plan.blocks.map(
    ({ blockId, trials }) =>
      html`<tr><th scope="row"><code>${blockId}</code></th><td>${[...new Set(trials.map(({ seed }) => seed))].join(', ')}</td><td class="words">${trials.map(({ targetId, role }) => (role === 'alias' ? `${targetId} (A/A alias)` : targetId)).join(', ')}</td></tr>`,
  );
  return html`<details><summary>Order of the ${counted(plan.blocks.length, 'block')} and their seeds</summary>${scrollingTable(
    {
      id: 'order',
      caption: 'Blocks in the order of the plan, each in its random order',
      head: html`<tr><th scope="col">Block</th><th scope="col">Seed of the load</th><th scope="col">Targets, in order</th></tr>`,
      bodies: [html`<tbody>${rows}</tbody>`],
    },
  )}</details>`;
}

const verdictRules: readonly (readonly [string, string])[] = [
  ['▲ ▼ Different', 'The whole adjusted interval lies beyond the margin: better (▲) or worse (▼).'],
  ['△ ▽ Different, may be small', 'The adjusted interval excludes 1 and overlaps the margin.'],
  [
    '= Same within the margin',
    'The 90 % interval lies inside the margin (two one-sided tests). It wins over a difference that is real and too small to matter.',
  ],
  [
    '? Cannot tell',
    'None of these. The smallest effect that could have been shown and the blocks that would settle it stand beside it.',
  ],
  ['⊘ No verdict', 'A gate refused. The gate, its reading and its limit stand beside it.'],
];

/** How it was measured and judged, with the definition of everything shown. */
export function methodSection(input: PageInput): Html {
  const { plan } = input;
  const isClosed = plan.comparisons.some(({ load }) => load.arrivals.loop === 'closed');
  const margins = new Map(
    plan.comparisons.flatMap(({ metrics }) => metrics.map(({ metric, margin }) => [metric, margin])),
  );
  const definitions = metricDefinitions.map(({ metric, unit, definition }): readonly [string, string] => {
    const margin = margins.get(metric);
    return [
      metricFacts[metric].title,
      `${definition} Unit: ${unit}. ${margin === undefined ? 'Described, not judged.' : `Margin declared beforehand: ${percent(margin)}.`}`,
    ];
  });
  return html`<section id="method" aria-labelledby="method-title">
<h2 id="method-title">Method</h2>
<p>A trial is one fresh server: start, verify, warm-up, measure, drain, stop. A block holds every target of one comparison once, and one of them a second time as its own rival (A/A alias), in seeded random order on one host. Ratios are paired by block: the mean of the logarithms of target over baseline, with a Student-t interval at 95 %; verdicts look at the interval that Holm’s procedure gives over all targets of a comparison. The unit is the trial, never the request. Margins are declared before measuring.</p>
${facts([
  ['Blocks', `${whole(plan.replicates)} a comparison; a verdict needs ${whole(plan.minimumBlocks)}`],
  ['Seed of the plan', String(plan.seed)],
  ['Servers', placementText(plan.placement)],
  ['Errors allowed', `${percent(plan.experiment.errorLimit)} of a trial’s requests`],
  [
    'Repeats',
    `an invalid trial is repeated at most ${counted(plan.experiment.retryBudget, 'time')}; every attempt is kept`,
  ],
])}
${loadTable(input)}
${orderTable(input)}
<h3>Verdicts</h3>
${facts(verdictRules)}
<h3>Metrics</h3>
${facts(definitions)}
${isClosed ? html`<p class="warning">In a closed loop each connection waits for its answer before it asks again, so a slow server is asked less often. Its response time says how long these connections waited, connections divided by throughput, and not how long users would wait who arrive by the clock. Only an open loop shows that.</p>` : html``}
</section>`;
}
