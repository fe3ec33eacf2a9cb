import { type Html, html, nothing } from '../markup/html.ts';
import { placeOn } from './axis.ts';
import type { DotPlot, Mark, Row } from './chart.ts';
import { laneCount } from './lanes.ts';
import { type Marker, markerOf, type Shape } from './marker.ts';

/** Height of a row, and of the strips above and below all rows, in pixels. */
const layout = { row: 44, lane: 16, axis: 26, label: 14, mark: 28 } as const;

const paths: Record<Shape, string> = {
  circle: 'M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z',
  rect: 'M-4.5-4.5h9v9h-9z',
  triangle: 'M0-5.5L5.5 4.5h-11z',
  rectRot: 'M0-6L6 0L0 6L-6 0z',
};

const shapeOf = ({ shape, hollow }: Marker): Html =>
  html`<path class="${hollow ? 'hollow' : 'filled'}" d="${paths[shape]}"/>`;

/** The marker of a model as a shape around the origin, in the colour of what it stands in. */
export const markerShapeOf = (modelIndex: number): Html => shapeOf(markerOf(modelIndex));

/** The marker of a target in the colour of its runtime, for keys and tables. Its shape stands once in {@link markerShapes}. */
export function swatch({ colour, modelIndex }: { readonly colour: string; readonly modelIndex: number }): Html {
  const { shape, hollow } = markerOf(modelIndex);
  return html`<svg class="swatch colour-${colour} ${hollow ? 'hollow' : 'filled'}" aria-hidden="true"><use href="#marker-${shape}"/></svg>`;
}

/** The shapes that swatches refer to; once a page. */
export function markerShapes(): Html {
  const symbols = Object.entries(paths).map(
    ([shape, path]) => html`<symbol id="marker-${shape}" viewBox="-8 -8 16 16"><path d="${path}"/></symbol>`,
  );
  return html`<svg class="shapes" aria-hidden="true">${symbols}</svg>`;
}

/** Marks keep their size while places are shares of the width: so the picture fits any width without a script and its text stays readable. */
function pictureOf({ axis, rows, references }: DotPlot): { readonly parts: readonly Html[]; readonly height: number } {
  const x = (value: number): string => `${Number((2 + 95 * placeOn(axis, value)).toFixed(2))}%`;
  const top = 2 + laneCount(references) * layout.lane;
  const bottom = top + rows.length * layout.row;

  const interval = ({ interval: ends }: Mark, y: number): Html =>
    ends === null
      ? nothing
      : html`<line class="interval" x1="${x(ends.lower)}" x2="${x(ends.upper)}" y1="${y}" y2="${y}"/>`;

  const rowOf = (row: Row, index: number): Html => {
    const start = top + index * layout.row;
    const y = start + layout.mark;
    const { mark, tail } = row;
    const drawnMark =
      mark === null
        ? html`<text class="absence" x="2%" y="${y + 4}">${row.absence}</text>`
        : html`${interval(mark, y)}<svg x="${x(mark.value)}" y="${y}" overflow="visible">${shapeOf(markerOf(row.modelIndex))}</svg>`;
    const drawnTail =
      tail === null
        ? nothing
        : html`${interval(tail, y + 8)}<line class="tail" x1="${x(tail.value)}" x2="${x(tail.value)}" y1="${y + 3}" y2="${y + 13}"/>`;
    const dots = row.points.map((point) => html`<circle class="trial" cx="${x(point)}" cy="${y + 9}" r="1.6"/>`);
    return html`<g class="colour-${row.colour}"><text class="name" x="2%" y="${start + layout.label}">${row.targetId}${row.isBaseline ? ' (baseline)' : ''}</text>${dots}${drawnTail}${drawnMark}</g>`;
  };

  const ticks = axis.ticks.map(({ value, label }, index) => {
    const anchor = index === axis.ticks.length - 1 ? 'end' : index === 0 ? 'start' : 'middle';
    const minor = index % 2 === 1 && axis.ticks.length > 6 ? ' minor' : '';
    return html`<line class="grid" x1="${x(value)}" x2="${x(value)}" y1="${top}" y2="${bottom}"/><text class="tick${minor}" text-anchor="${anchor}" x="${x(value)}" y="${bottom + 15}">${label}</text>`;
  });
  const lines = references.map(({ from, to, label, lane }) => {
    const isRight = placeOn(axis, to) > 0.7;
    const text = html`<text class="tick" text-anchor="${isRight ? 'end' : 'start'}" x="${x(isRight ? to : from)}" y="${top - 6 - lane * layout.lane}">${label}</text>`;
    const shape =
      from === to
        ? html`<line class="reference" x1="${x(from)}" x2="${x(from)}" y1="${top}" y2="${bottom}"/>`
        : html`<rect class="band" x="${x(from)}" y="${top}" width="${Number.parseFloat(x(to)) - Number.parseFloat(x(from))}%" height="${bottom - top}"/>`;
    return html`${shape}${text}`;
  });
  return { parts: [...ticks, ...lines, ...rows.map(rowOf)], height: bottom + layout.axis };
}

/** The dot plot as an inline SVG: what is read without scripts and on paper. */
export function picture(plot: DotPlot, label: string): Html {
  const { parts, height } = pictureOf(plot);
  return html`<svg class="picture" role="img" aria-label="${label}" width="100%" height="${height}">${parts}</svg><p class="axis-title" aria-hidden="true">${plot.axis.title}</p>`;
}
