import type { ChartConfiguration, ScriptableScaleContext, TooltipItem } from 'chart.js';
import type { ChartConfig, ConfigAnnotation, ConfigDataset } from '../charts/config.ts';
import { faded, type Look } from './look.ts';

type Dataset = ChartConfiguration<'scatterWithErrorBars'>['data']['datasets'][number] & { readonly reading: string };

/** Shape, size and lines of each part, in pixels. */
function shapeOf(plain: ConfigDataset, colour: string, look: Look) {
  switch (plain.part) {
    case 'mark': {
      const radius = plain.pointStyle === 'circle' ? 5 : 6;
      return {
        pointStyle: plain.pointStyle,
        radius,
        backgroundColor: plain.hollow ? look.surface : colour,
        line: 2,
        order: 0,
      };
    }
    case 'tail':
      return { pointStyle: 'line', rotation: 90, radius: 5, backgroundColor: colour, line: 1, order: 1 };
    case 'trials':
      return { pointStyle: 'circle', radius: 2, backgroundColor: faded(colour, 0.6), line: 0, order: 1 };
  }
}

/** Marks and intervals in the colour of their runtime; single trials small and faded. */
function dataset(plain: ConfigDataset, look: Look): Dataset {
  const colour = look.runtime(plain.colour);
  const { line, ...shape } = shapeOf(plain, colour, look);
  const isTrials = plain.part === 'trials';
  return {
    label: plain.label,
    reading: isTrials ? 'single trial' : plain.reading,
    data: [...plain.data],
    ...shape,
    hoverRadius: shape.radius + (isTrials ? 0 : 2),
    hitRadius: isTrials ? 2 : 8,
    borderColor: colour,
    borderWidth: isTrials ? 0 : 2,
    errorBarColor: colour,
    errorBarLineWidth: line,
    errorBarWhiskerColor: colour,
    errorBarWhiskerLineWidth: line,
    errorBarWhiskerSize: 8,
    errorBarWhiskerRatio: 0,
  } as unknown as Dataset; // the plugin's types do not list the options of points that it reads from data sets
}

/** Height of a line of labels above the plot, in pixels. */
export const laneHeight = 16;

function annotation(plain: ConfigAnnotation, look: Look): Record<string, unknown> {
  const font = { family: look.font, size: 12, weight: 'normal' as const };
  const text = { color: look.muted, backgroundColor: 'transparent', font, padding: 2 };
  if (plain.type === 'label')
    return { ...plain, ...text, backgroundColor: look.surface, xAdjust: 2, textAlign: 'start' };
  const common = { xMin: plain.xMin, xMax: plain.xMax, drawTime: 'beforeDatasetsDraw' };
  const label = { ...plain.label, ...text, drawTime: 'afterDatasetsDraw' };
  return plain.type === 'line'
    ? {
        ...common,
        type: 'line',
        borderColor: look.reference,
        borderDash: [4, 4],
        borderWidth: 1.5,
        label: { ...label, yAdjust: -18 - plain.lane * laneHeight },
      }
    : {
        ...common,
        type: 'box',
        borderWidth: 0,
        backgroundColor: faded(look.reference, 0.28),
        label: { ...label, yAdjust: -20 - plain.lane * laneHeight },
      };
}

/**
 * Gives a plain configuration its functions, colours and sizes. On a narrow canvas the names of targets stand above their rows instead of
 * beside them, which leaves the whole width to the marks.
 */
export function hydrate(plain: ChartConfig, look: Look, isNarrow: boolean): ChartConfiguration {
  const { scales, plugins } = plain.options;
  const font = { family: look.font, size: 13 };
  const small = { family: look.font, size: 12 };
  const nameOf = (value: string | number): string => plain.rows[Number(value)]?.label ?? '';
  const config = {
    type: plain.type,
    data: { datasets: plain.data.datasets.map((each) => dataset(each, look)) },
    options: {
      animation: plain.options.animation,
      maintainAspectRatio: plain.options.maintainAspectRatio,
      events: ['mousemove', 'mouseout', 'click', 'touchstart'],
      layout: { padding: { top: 6 + plain.lanes * laneHeight, right: 14 } },
      interaction: { mode: 'nearest', intersect: true },
      scales: {
        x: {
          ...scales.x,
          title: { ...scales.x.title, color: look.muted, font: small },
          grid: { color: look.line, drawTicks: false },
          border: { display: false },
          afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
            axis.ticks = plain.ticks.map(({ value }) => ({ value }));
          },
          ticks: {
            color: look.muted,
            font: small,
            maxRotation: 0,
            autoSkipPadding: 10,
            padding: 6,
            callback: (value: string | number) => plain.ticks.find((tick) => tick.value === Number(value))?.label ?? '',
          },
        },
        y: {
          ...scales.y,
          grid: { display: false },
          border: { display: false },
          afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
            axis.ticks = plain.rows.map((_row, value) => ({ value }));
          },
          ticks: {
            autoSkip: false,
            color: look.ink,
            padding: 8,
            font: (context: ScriptableScaleContext) => ({
              ...font,
              weight: plain.rows[context.tick?.value ?? -1]?.isBaseline ? ('bold' as const) : ('normal' as const),
            }),
            callback: nameOf,
            ...(isNarrow
              ? {
                  mirror: true,
                  labelOffset: -17,
                  padding: 0,
                  z: 1,
                  showLabelBackdrop: true,
                  backdropColor: look.surface,
                  backdropPadding: 1,
                }
              : {}),
          },
        },
      },
      plugins: {
        annotation: {
          clip: false,
          annotations: Object.fromEntries(
            Object.entries(plugins.annotation.annotations).map(([id, each]) => [id, annotation(each, look)]),
          ),
        },
        tooltip: {
          displayColors: false,
          backgroundColor: look.ink,
          titleColor: look.surface,
          bodyColor: look.surface,
          titleFont: font,
          bodyFont: font,
          callbacks: {
            title: (items: TooltipItem<'scatterWithErrorBars'>[]) => items[0]?.dataset.label ?? '',
            label: (item: TooltipItem<'scatterWithErrorBars'>) => (item.dataset as Dataset).reading,
          },
        },
      },
    },
  };
  return config as unknown as ChartConfiguration; // plain data of our own shape, checked against Chart.js by the browser tests
}
