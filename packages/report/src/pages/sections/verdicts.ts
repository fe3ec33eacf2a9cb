import { type Html, html } from '../../markup/html.ts';
import { counted, whole } from '../../wording/number.ts';
import { sentencesBesideClaims } from '../../wording/told.ts';
import { claimLabel } from '../../wording/verdict.ts';
import type { PageInput } from '../page.ts';

/** What to read first: the verdicts and claims in words. */
export function verdictSection({ analysis }: PageInput): Html {
  const { states } = analysis;
  const attempts = Object.values(states).reduce((sum, count) => sum + count, 0);
  const others = attempts - states.ok;
  const said = sentencesBesideClaims(analysis);
  const sentences =
    said.length === 0
      ? html`<p>Beside its claims, nothing can be said of this run in words: no comparison has a verdict.</p>`
      : html`<ul class="sentences">${said.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
  return html`<section id="verdicts" aria-labelledby="verdicts-title">
<h2 id="verdicts-title">What this run says</h2>
${sentences}
<p class="note">Every ratio is target over baseline, <code>${analysis.baseline}</code>, paired by block. From ${counted(attempts, 'attempt')}: ${whole(states.ok)} ok${others === 0 ? '' : `, ${whole(others)} not`} (<a href="#trials">every one is listed</a>).</p>
</section>`;
}

/** The claims written before measuring, each as this host judges it. */
export function claimSection({ analysis, environment, plan }: PageInput): Html {
  if (analysis.claims.length === 0) {
    return html`<section id="claims" aria-labelledby="claims-title"><h2 id="claims-title">Claims</h2><p>This experiment makes no claims.</p></section>`;
  }
  const scope = `${counted(plan.grantedCores.length, 'granted core')}, ${counted(analysis.replicates, 'block')}, host ${environment.hostKey}`;
  const cards = analysis.claims.map((claim) => {
    const { glyph, word, tone } = claimLabel(claim.outcome);
    const stamps = claim.stamps.length === 0 ? '' : `; ${claim.stamps.join(', ')}`;
    return html`<li class="claim tone-${tone}" id="claim-${claim.id}">
<p class="outcome"><span class="glyph" aria-hidden="true">${glyph}</span> ${word}</p>
<p class="sentence">${claim.sentence}</p>
<p class="reason">${claim.reason}</p>
<p class="scope">${scope}${stamps}</p>
</li>`;
  });
  return html`<section id="claims" aria-labelledby="claims-title">
<h2 id="claims-title">Claims, written before measuring</h2>
<ul class="claims">${cards}</ul>
</section>`;
}
