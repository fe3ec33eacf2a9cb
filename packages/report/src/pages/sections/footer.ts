import { type Html, html } from '../../markup/html.ts';
import type { PageInput } from '../page.ts';
import { facts } from './environment.ts';

/** Where the page comes from, and how to make the run again. */
export function footer({ analysis, environment, generatedBy }: PageInput): Html {
  return html`<footer>
<h2>Reproduce</h2>
<pre tabindex="0" role="region" aria-label="Command that makes this run again"><code>${generatedBy.command}</code></pre>
${facts([
  ['Run', html`<code>${analysis.runId}</code>`],
  ['Plan', html`<code>${analysis.planHash}</code>`],
  ['Host key', html`<code>${environment.hostKey}</code>`],
  ['Format', html`<code>${analysis.schemaVersion}</code>`],
  ['Page by', html`Photofinish <code>${generatedBy.version}</code>`],
])}
</footer>`;
}
