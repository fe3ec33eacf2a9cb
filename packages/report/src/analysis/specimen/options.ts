import type { Claim, Plan, PlannedComparison, PlannedTarget } from '@photofinish/schema';

/** What a trial of a specimen measures; base units. */
export interface Figures {
  readonly throughput: number;
  readonly cpuSeconds: number;
  readonly rssBytes: number;
  readonly pssBytes: number | null;
  readonly processes: number;
  readonly responses: number;
  readonly medianSeconds: number;
  readonly parallelCapacity: number | null;
  /** By second of the window: responses, and mean burst of the canary over calm on every core of the target; none: not read. */
  readonly seconds: readonly { readonly completed: number; readonly slowness: number }[];
}

/** Where in the plan a figure is asked for. */
export interface Place {
  readonly comparison: PlannedComparison;
  readonly targetId: string;
  readonly replicate: number;
  readonly role: 'target' | 'alias';
}

/** What varies between specimens. */
export interface SpecimenOptions {
  readonly targets?: readonly string[];
  readonly absences?: Readonly<Record<string, NonNullable<PlannedTarget['absence']>>>;
  readonly comparisons?: readonly PlannedComparison[];
  readonly claims?: readonly Claim[];
  readonly replicates?: number;
  readonly minimumBlocks?: number;
  readonly provisional?: boolean;
  readonly hostClass?: 'full' | 'shape-only';
  readonly leftOut?: Plan['leftOut'];
  readonly figures?: (place: Place) => Partial<Figures>;
}
