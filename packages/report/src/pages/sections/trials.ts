import { causeTexts, type TrialRow } from '@photofinish/schema';
import { type Html, html, nothing } from '../../markup/html.ts';
import { counted, whole } from '../../wording/number.ts';
import { type State, stateLabels, states } from '../../wording/state.ts';
import { type DisplayUnit, inUnit, unitFor } from '../../wording/unit.ts';
import type { PageInput } from '../page.ts';
import { scrollingTable } from '../table.ts';
import { targetName } from './targets.ts';

function stateMark(state: State): Html {
  const { glyph, word, tone } = stateLabels[state];
  return html`<span class="state tone-${tone}"><span class="glyph" aria-hidden="true">${glyph}</span> ${word}</span>`;
}

/** Time that a fixed piece of work takes over what it takes when the core is calm. */
const timesCalm: DisplayUnit = { size: 1, symbol: '× calm', title: 'times the calm level' };

/** What the column of slowness says; nothing where no core was read. */
function slownessNote(trials: readonly TrialRow[]): Html {
  if (trials.every(({ coreSlowness }) => coreSlowness === null)) return nothing;
  return html`<p class="note">Slowest core: how long a fixed piece of work took beside the load on the target’s slowest core, over its calm level; the kernel shows nothing of it.</p>`;
}

/** Columns of figures, with one unit each for the whole table. */
function figureColumns(trials: readonly TrialRow[]) {
  const column = (title: string, metric: Parameters<typeof unitFor>[0], read: (row: TrialRow) => number | null) => {
    const unit: DisplayUnit = unitFor(
      metric,
      trials.flatMap((row) => read(row) ?? []),
    );
    return { title, unit, read };
  };
  return [
    column('Throughput', 'throughput', (row) => row.throughput),
    column('p50', 'response-time-p50', (row) => row.responseTimeP50Seconds),
    column('CPU per request', 'cpu-per-request', (row) => row.cpuPerRequestSeconds),
    column('Resident peak', 'memory', (row) => row.rssPeakBytes),
    ...(trials.some(({ coreSlowness }) => coreSlowness !== null)
      ? [{ title: 'Slowest core', unit: timesCalm, read: (row: TrialRow) => row.coreSlowness }]
      : []),
    ...(trials.some(({ group }) => group !== null)
      ? [
          column('Ready after', 'response-time-p50', (row) => row.timeToReadySeconds),
          column('Working set', 'memory', (row) => row.group?.workingSetBytes ?? null),
        ]
      : []),
  ];
}

const accounts: Partial<Record<NonNullable<TrialRow['group']>['source'], string>> = {
  'cgroup-v1': 'its control group (version 1)',
  'cgroup-v2': 'its control group (version 2)',
  'engine-stats': 'the account of the engine on its host',
};

/** What the figures of containers are; nothing where there is none. */
function containerNote(trials: readonly TrialRow[]): Html {
  const sources = [...new Set(trials.flatMap(({ group }) => (group === null ? [] : [group.source])))];
  if (sources.length === 0) return nothing;
  const read = sources.map((source) => accounts[source] ?? source).join(' or ');
  return html`<p class="note">CPU time of a container is read from ${read}, children that ended in the window included. Working set: memory charged to it at the window’s end, without page cache that nobody used. Ready after: from the order to start the container to the first correct answer. No container of an ok trial was held back by a quota or lost a process to its memory limit.</p>`;
}

/** What happened; the cause in words first, unless the detail already begins with it. */
const causeText = ({ cause, detail }: Pick<TrialRow, 'cause' | 'detail'>): string => {
  if (cause === null || detail.startsWith(causeTexts[cause])) return detail;
  return detail === '' ? causeTexts[cause] : `${causeTexts[cause]}: ${detail}`;
};

/** Buttons that show one state only; a script reveals them, and without one every row is shown. */
function filters(counts: Readonly<Record<State, number>>, total: number): Html {
  const buttons = states
    .filter((state) => counts[state] > 0)
    .map(
      (state) =>
        html`<button type="button" data-filter="${state}" aria-pressed="false">${stateLabels[state].word} ${whole(counts[state])}</button>`,
    );
  return html`<div class="filters" role="group" aria-label="Show trials by state" data-filters hidden><button type="button" data-filter="all" aria-pressed="true">all ${whole(total)}</button>${buttons}</div>`;
}

/** Every attempt with its state and cause: what was measured, what was not, and why. */
export function trialSection({ analysis }: PageInput): Html {
  const columns = figureColumns(analysis.trials);
  const targets = new Map(analysis.targets.map((target) => [target.targetId, target]));
  const rows = analysis.trials.map((row) => {
    const target = targets.get(row.targetId);
    const name = target === undefined ? html`${row.targetId}` : targetName(target);
    const figures = columns.map(({ unit, read }) => {
      const value = read(row);
      return value === null
        ? html`<td class="number absent">none</td>`
        : html`<td class="number">${inUnit(value, unit)}</td>`;
    });
    const alias = row.role === 'alias' ? html` <span class="chip">A/A alias</span>` : nothing;
    const attempt = row.attempt === 1 ? nothing : html` <span class="chip">attempt ${row.attempt}</span>`;
    return html`<tr data-state="${row.state}"><th scope="row">${name}${alias}</th><td class="trial-id"><code>${row.trialId}</code>${attempt}</td><td>${stateMark(row.state)}</td>${figures}<td class="words">${causeText(row)}</td></tr>`;
  });
  const meanings = states.map((state) => html`<li>${stateMark(state)}: ${stateLabels[state].meaning}</li>`);
  return html`<section id="trials" aria-labelledby="trials-title">
<h2 id="trials-title">Every trial</h2>
<p class="note">${counted(analysis.trials.length, 'attempt')} in the order of the plan. A trial is one fresh server, start to stop. Figures of trials that are not ok are shown and never compared.</p>
${containerNote(analysis.trials)}
${slownessNote(analysis.trials)}
<ul class="plain states">${meanings}</ul>
${filters(analysis.states, analysis.trials.length)}
<p class="shown" data-shown role="status"></p>
${scrollingTable({
  id: 'trials-table',
  caption: 'Every attempt at every trial',
  kind: 'trials',
  head: html`<tr><th scope="col">Target</th><th scope="col">Trial</th><th scope="col">State</th>${columns.map(({ title, unit }) => html`<th scope="col" class="number">${title}, ${unit.symbol}</th>`)}<th scope="col">Cause or detail</th></tr>`,
  bodies: [html`<tbody>${rows}</tbody>`],
})}
</section>`;
}
