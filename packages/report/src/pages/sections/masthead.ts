import type { Stamp } from '@photofinish/schema';
import { type Html, html } from '../../markup/html.ts';
import { counted, whole } from '../../wording/number.ts';
import { stateLabels, states } from '../../wording/state.ts';
import type { PageInput } from '../page.ts';

/** Stamps in words: what each takes away from the figures below. */
function stampText(stamp: Stamp, { analysis, plan }: PageInput): Html {
  switch (stamp) {
    case 'provisional':
      return html`<strong>Provisional.</strong> ${counted(analysis.replicates, 'block')} of each comparison: enough for a first look, too few to settle small differences. A verdict needs at least ${whole(plan.minimumBlocks)}.`;
    case 'shape-only':
      return html`<strong>Shape only.</strong> This host cannot support fine differences, so a verdict of difference is given only where the whole interval lies beyond a factor of 1.5. ${analysis.hostClassReasons.length === 0 ? '' : `Why: ${analysis.hostClassReasons.join('; ')}.`}`;
    case 'incomplete': {
      const missing = states
        .filter((state) => state !== 'ok' && analysis.states[state] > 0)
        .map((state) => `${whole(analysis.states[state])} ${stateLabels[state].word}`);
      return html`<strong>Incomplete.</strong> Not every planned trial has a result${missing.length === 0 ? '.' : `: ${missing.join(', ')}.`} Nothing is filled in for them.`;
    }
  }
}

/** Title, question, and what limits the reading of everything below. */
export function masthead(input: PageInput): Html {
  const { analysis } = input;
  const stamps = analysis.stamps.map((stamp) => html`<li class="stamp">${stampText(stamp, input)}</li>`);
  return html`<header class="masthead">
<p class="brand"><span class="finish" aria-hidden="true"></span>Photofinish <span class="run">run ${analysis.runId}</span></p>
<h1>${analysis.experiment.title}</h1>
<p class="lede">${analysis.experiment.question}</p>
${stamps.length === 0 ? html`` : html`<ul class="stamps" aria-label="Conditions on every figure of this page">${stamps}</ul>`}
</header>`;
}
