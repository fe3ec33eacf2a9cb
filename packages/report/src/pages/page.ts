import type { Analysis, Environment, Plan } from '@photofinish/schema';
import type { Figure } from '../charts/chart.ts';
import { chartConfig } from '../charts/config.ts';
import { markerShapes } from '../charts/picture.ts';
import { charts } from '../charts/registry.ts';
import { embeddedJson } from '../markup/embed.ts';
import { type Html, html, trusted } from '../markup/html.ts';
import { contentPolicy } from '../markup/policy.ts';
import { pageScript } from './script.ts';
import { comparisonSection, leftOutSection } from './sections/comparison.ts';
import { environmentSection } from './sections/environment.ts';
import { footer } from './sections/footer.ts';
import { limitSection } from './sections/limits.ts';
import { masthead } from './sections/masthead.ts';
import { methodSection } from './sections/method.ts';
import { scalingSection } from './sections/scaling.ts';
import { targetSection } from './sections/targets.ts';
import { trialSection } from './sections/trials.ts';
import { claimSection, verdictSection } from './sections/verdicts.ts';
import { pageStyle } from './style.ts';

/** All that a page is made from; equal inputs give equal bytes. */
export interface PageInput {
  readonly analysis: Analysis;
  readonly environment: Environment;
  readonly plan: Plan;
  readonly generatedBy: {
    /** Version of Photofinish that writes the page. */
    readonly version: string;
    /** The command that makes such a run again, e.g. `npm run quick -- --all`. */
    readonly command: string;
  };
}

function contents({ analysis }: PageInput): Html {
  const links: readonly (readonly [string, string])[] = [
    ['verdicts', 'What this run says'],
    ['claims', 'Claims'],
    ['targets', 'Targets and key'],
    ...analysis.comparisons.map(({ id, title }): readonly [string, string] => [`comparison-${id}`, title]),
    ['scaling', 'From one core to all'],
    ['trials', 'Every trial'],
    ['environment', 'Environment'],
    ['method', 'Method'],
    ['limits', 'What this will not tell you'],
  ];
  return html`<nav aria-label="Contents"><ul>${links.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>`;
}

/** What the script draws: configurations by figure. */
function drawings(figures: readonly Figure[]): Record<string, unknown> {
  return Object.fromEntries(figures.map((figure) => [figure.id, chartConfig(figure.plot)]));
}

const icon = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#0b5a9e" d="M1 4h9v2H1zM1 10h6v2H1zM12 1h2v14h-2z"/></svg>')}`;

/**
 * A whole run as one HTML file: it opens from a folder by double click, asks the network for nothing, and can be read without scripts. Style
 * and script stand in it and are the only ones its content security policy lets act.
 */
export function renderPage(input: PageInput): string {
  const { analysis, plan } = input;
  const figures = charts.flatMap((chart) => chart.figures(analysis, plan));
  const style = pageStyle();
  const script = pageScript();
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta http-equiv="Content-Security-Policy" content="${contentPolicy({ script, style })}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${analysis.experiment.title} (Photofinish ${analysis.runId})</title>
<link rel="icon" href="${icon}">
<style>${trusted(style)}</style>
</head>
<body>
${markerShapes()}
<a class="skip" href="#verdicts">Skip to the verdicts</a>
<div class="page">
${masthead(input)}
<main>
${verdictSection(input)}
${claimSection(input)}
${contents(input)}
${targetSection(input)}
${analysis.comparisons.map((comparison) => comparisonSection(comparison, figures, input))}
${leftOutSection(input)}
${scalingSection(figures, input)}
${trialSection(input)}
${environmentSection(input)}
${methodSection(input)}
${limitSection(input)}
</main>
${footer(input)}
</div>
<script type="application/json" id="drawings">${trusted(embeddedJson(drawings(figures)))}</script>
<script>${trusted(script)}</script>
</body>
</html>
`;
  return page.text;
}
