import type { Figure } from '../charts/chart.ts';
import { picture } from '../charts/picture.ts';
import { type Html, html } from '../markup/html.ts';

/** A figure with its static picture, the canvas that replaces it where scripts are allowed, its caption and the way to its table. */
export function figureBlock(figure: Figure, question: string): Html {
  return html`<figure class="figure" id="${figure.id}">
<h3>${figure.title}</h3>
<p class="question">${question}</p>
<div class="static" data-static="${figure.id}">${picture(figure.plot, figure.label)}</div>
<div class="plot" data-plot="${figure.id}" hidden><canvas role="img" aria-label="${figure.label}"></canvas></div>
<figcaption><p>${figure.caption}</p><p class="legend">${figure.legend} <a href="#${figure.table}">The same figures as a table</a></p></figcaption>
</figure>`;
}
