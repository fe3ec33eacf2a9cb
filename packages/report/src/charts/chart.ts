import type { Analysis, Plan } from '@photofinish/schema';
import type { ColourName } from '../colour/palette.ts';
import type { Axis } from './axis.ts';

/** A value with its 95 % interval in the axis's unit; the interval is null where one trial cannot give one. */
export interface Mark {
  readonly value: number;
  readonly interval: { readonly lower: number; readonly upper: number } | null;
  /** The mark in words, with unit: `5,120 /s (5,080 to 5,160), 5 trials`. */
  readonly reading: string;
}

/** One target. A row without a mark says why: nothing is shown by absence. */
export interface Row {
  readonly targetId: string;
  readonly colour: ColourName;
  readonly modelIndex: number;
  readonly isBaseline: boolean;
  readonly mark: Mark | null;
  /** The p99 beside a median. */
  readonly tail: Mark | null;
  /** Single trials. */
  readonly points: readonly number[];
  /** Why there is no mark; empty when there is one. */
  readonly absence: string;
}

/** A value to hold the marks against: a vertical line where both ends are the same, a band otherwise. */
export interface Reference {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  /** Line above the plot that the label stands on, from 0 up. */
  readonly lane: number;
}

/** A horizontal dot plot, one row a target: all that canvas, static picture and golden test need. */
export interface DotPlot {
  readonly axis: Axis;
  readonly rows: readonly Row[];
  readonly references: readonly Reference[];
}

/** A picture with what stands around it. */
export interface Figure {
  /** Anchor on the page, e.g. `throughput-timer-50`. */
  readonly id: string;
  readonly chart: string;
  /** The comparison it belongs to; null for pictures over several. */
  readonly comparisonId: string | null;
  readonly title: string;
  /** What it says, in the words of a verdict. */
  readonly caption: string;
  /** How its marks are read. */
  readonly legend: string;
  /** The picture in one sentence, for those who do not see it. */
  readonly label: string;
  /** Anchor of the table with the same figures. */
  readonly table: string;
  readonly plot: DotPlot;
}

/** One kind of picture: the question it answers, and how it is made from an analysis. Adding one is a file here and a line in `registry.ts`. */
export interface Chart {
  readonly id: string;
  readonly question: string;
  /** One figure for each comparison or workload that has values to show; the figures' text is not yet escaped. */
  figures(analysis: Analysis, plan: Plan): readonly Figure[];
}
