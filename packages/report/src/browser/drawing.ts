import { Chart, LinearScale, LogarithmicScale, Tooltip } from 'chart.js';
import { PointWithErrorBar, ScatterWithErrorBarsController } from 'chartjs-chart-error-bars';
import annotationPlugin from 'chartjs-plugin-annotation';
import type { ChartConfig } from '../charts/config.ts';
import { hydrate, laneHeight } from './hydrate.ts';
import { currentLook } from './look.ts';

Chart.register(
  ScatterWithErrorBarsController,
  PointWithErrorBar,
  LinearScale,
  LogarithmicScale,
  Tooltip,
  annotationPlugin,
);

/** Below this width, in pixels, names stand above the rows. */
const narrowWidth = 460;

/** Height of a row with its name beside it, and with its name above it; strips above and below the rows. All in pixels. */
const heights = { row: 36, tallRow: 52, frame: 68 } as const;

interface Drawing {
  readonly plot: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly config: ChartConfig;
  isNarrow: boolean;
  chart: Chart | null;
}

function draw(drawing: Drawing): void {
  const { plot, canvas, config } = drawing;
  drawing.chart?.destroy();
  drawing.isNarrow = plot.clientWidth < narrowWidth;
  const row = drawing.isNarrow ? heights.tallRow : heights.row;
  plot.style.height = `${heights.frame + config.lanes * laneHeight + config.rows.length * row}px`;
  drawing.chart = new Chart(canvas, hydrate(config, currentLook(), drawing.isNarrow));
}

/** Puts a canvas in the place of each static picture, and draws it again when the theme or the kind of layout changes. */
export function drawAll(configs: Readonly<Record<string, ChartConfig>>): void {
  const drawings = Object.entries(configs).flatMap(([id, config]): Drawing[] => {
    const plot = document.querySelector<HTMLElement>(`[data-plot="${id}"]`);
    const still = document.querySelector<HTMLElement>(`[data-static="${id}"]`);
    const canvas = plot?.querySelector('canvas');
    if (!plot || !still || !canvas) return [];
    plot.hidden = false;
    still.hidden = true;
    return [{ plot, canvas, config, isNarrow: false, chart: null }];
  });
  drawings.forEach(draw);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => drawings.forEach(draw));
  addEventListener('resize', () => {
    for (const drawing of drawings) {
      if (drawing.plot.clientWidth < narrowWidth !== drawing.isNarrow) draw(drawing);
    }
  });
}
