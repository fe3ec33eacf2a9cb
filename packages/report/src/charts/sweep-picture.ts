import { type Html, html, nothing } from '../markup/html.ts';
import { markerShapeOf } from './picture.ts';
import type { CurvePoint, SweepPanel, SweepPlot } from './sweep.ts';

/** Places of a panel in pixels down, and in percent across, so that it fits any width without a script. */
const layout = { top: 30, bottom: 178, height: 202, left: 11, right: 95 } as const;

/** Half the width of the band that shows a reading of the host, in percent. */
const halfBand = 2.2;

const round = (value: number): number => Number(value.toFixed(2));

/** Where the two axes put a point. */
interface Places {
  readonly x: (cores: number) => number;
  readonly y: (speedup: number) => number;
}

function placesOf({ levels, minimum, maximum }: SweepPlot): Places {
  const fewest = levels[0] ?? 1;
  const most = levels.at(-1) ?? 1;
  const share = (value: number, from: number, to: number) => Math.log(value / from) / Math.log(to / from);
  const held = (place: number) => Math.min(1, Math.max(0, place));
  return {
    x: (cores) => round(layout.left + (layout.right - layout.left) * held(share(cores, fewest, most))),
    y: (speedup) => round(layout.bottom - (layout.bottom - layout.top) * held(share(speedup, minimum, maximum))),
  };
}

function lines(points: readonly CurvePoint[], kind: string, { x, y }: Places): readonly Html[] {
  return points.slice(1).map((to, index) => {
    const from = points[index] ?? to;
    return html`<line class="${kind}" x1="${x(from.cores)}%" x2="${x(to.cores)}%" y1="${y(from.speedup)}" y2="${y(to.speedup)}"/>`;
  });
}

/** Grid, ideal and host: the same in every panel. */
function groundOf(plot: SweepPlot, places: Places): Html {
  const { x, y } = places;
  const speedups: number[] = [];
  for (let tick = plot.minimum; tick <= plot.maximum; tick *= 2) speedups.push(tick);
  const across = speedups.map(
    (tick) =>
      html`<line class="grid" x1="${layout.left}%" x2="${layout.right}%" y1="${y(tick)}" y2="${y(tick)}"/><text class="tick" text-anchor="end" x="${layout.left - 2.5}%" y="${y(tick) + 4}">${tick}</text>`,
  );
  const down = plot.levels.map(
    (cores) =>
      html`<line class="grid" x1="${x(cores)}%" x2="${x(cores)}%" y1="${layout.top}" y2="${layout.bottom}"/><text class="tick" text-anchor="middle" x="${x(cores)}%" y="${layout.bottom + 17}">${cores}</text>`,
  );
  const host = plot.capacities.map(({ cores, minimum, maximum }) => {
    const height = Math.max(2, round(y(minimum) - y(maximum)));
    return html`<rect class="band" x="${round(x(cores) - halfBand)}%" width="${2 * halfBand}%" y="${y(maximum)}" height="${height}"/>`;
  });
  const [start] = plot.ideal;
  const shown = plot.capacities.map(({ cores, mean }) => ({ cores, speedup: mean }));
  const hostLine = shown.length === 0 ? nothing : html`${lines([start, ...shown], 'host', places)}`;
  return html`${across}${down}${host}${hostLine}${lines(plot.ideal, 'reference', places)}`;
}

function panelOf(panel: SweepPanel, ground: Html, places: Places): Html {
  if (panel.absence !== '') return html`<p class="absent"><b>${panel.targetId}</b>${panel.absence}</p>`;
  const { x, y } = places;
  const marks = panel.marks.map(({ cores, value, interval, reading }) => {
    const whisker =
      interval === null
        ? nothing
        : html`<line class="interval" x1="${x(cores)}%" x2="${x(cores)}%" y1="${y(interval.lower)}" y2="${y(interval.upper)}"/>`;
    return html`<g><title>${reading}</title>${whisker}<svg x="${x(cores)}%" y="${y(value)}" overflow="visible">${markerShapeOf(panel.modelIndex)}</svg></g>`;
  });
  const spoken = `${panel.targetId}. ${panel.marks.map(({ reading }) => reading).join('; ')}`;
  return html`<svg class="picture panel colour-${panel.colour}" role="img" aria-label="${spoken}" width="100%" height="${layout.height}"><text class="name" x="0" y="18">${panel.targetId}</text>${ground}${lines(panel.curve, 'law', places)}${marks}</svg>`;
}

/** A sweep as inline SVG, a panel for each target: the same with scripts and without. */
export function sweepPicture(plot: SweepPlot): Html {
  const places = placesOf(plot);
  const ground = groundOf(plot, places);
  return html`<div class="panels">${plot.panels.map((panel) => panelOf(panel, ground, places))}</div><p class="axis-title" aria-hidden="true">cores across, speedup up (both axes logarithmic)</p>`;
}
