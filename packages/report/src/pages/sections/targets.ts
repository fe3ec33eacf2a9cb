import { causeTexts, type PlannedTarget } from '@photofinish/schema';
import { markerName, markerOf } from '../../charts/marker.ts';
import { swatch } from '../../charts/picture.ts';
import { type Html, html } from '../../markup/html.ts';
import type { PageInput } from '../page.ts';
import { scrollingTable } from '../table.ts';

/** A target's name with its marker, as every table shows it. */
export function targetName(target: Pick<PlannedTarget, 'targetId' | 'colour' | 'modelIndex'>): Html {
  const [runtime = '', ...model] = target.targetId.split('/');
  return html`<span class="target">${swatch(target)}<span>${runtime}/<wbr>${model.join('/')}</span></span>`;
}

function fate({ absence }: PlannedTarget): Html {
  if (absence === null) return html`measured`;
  return html`<strong>not run</strong>: ${causeTexts[absence.cause]}. ${absence.reason}. Remedy: ${absence.remedy}`;
}

/** Who was to run, and the key to every picture. */
export function targetSection({ analysis }: PageInput): Html {
  const rows = analysis.targets.map(
    (target) =>
      html`<tr><th scope="row">${targetName(target)}</th><td>${target.runtimeName}</td><td>${target.modelTitle}</td><td>${target.toolchain ?? 'none found'}</td><td class="words">${fate(target)}</td></tr>`,
  );
  const shapes = [...new Set(analysis.targets.map(({ modelIndex }) => markerName(markerOf(modelIndex))))].join(', ');
  return html`<section id="targets" aria-labelledby="targets-title">
<h2 id="targets-title">Targets and key</h2>
<p class="note">Colour is the runtime, shape the concurrency model within it (${shapes}). Baseline: <code>${analysis.baseline}</code>. An interval narrower than its mark is hidden by it; the tables give its ends.</p>
${scrollingTable({
  id: 'targets-table',
  caption: 'Targets of this run',
  head: html`<tr><th scope="col">Target</th><th scope="col">Runtime</th><th scope="col">Model</th><th scope="col">Toolchain</th><th scope="col">In this run</th></tr>`,
  bodies: [html`<tbody>${rows}</tbody>`],
})}
</section>`;
}
