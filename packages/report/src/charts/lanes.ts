import { type Axis, placeOn } from './axis.ts';
import type { Reference } from './chart.ts';

/** A reference before its label has a place. */
export type Unplaced = Omit<Reference, 'lane'>;

/** Labels of references nearer than this share of the axis would run into each other on a phone. */
const nearest = 0.4;

/** Gives the label of each reference the lowest lane above the plot in which it meets no other. */
export function inLanes(axis: Axis, references: readonly Unplaced[]): readonly Reference[] {
  const placed: Reference[] = [];
  const middle = ({ from, to }: Unplaced) => (placeOn(axis, from) + placeOn(axis, to)) / 2;
  for (const reference of references) {
    const taken = placed
      .filter((other) => Math.abs(middle(other) - middle(reference)) < nearest)
      .map(({ lane }) => lane);
    const lane = Array.from({ length: references.length }, (_unused, index) => index).find(
      (each) => !taken.includes(each),
    );
    placed.push({ ...reference, lane: lane ?? 0 });
  }
  return placed;
}

/** Number of lanes that the labels of some references take. */
export const laneCount = (references: readonly Reference[]): number =>
  Math.max(1, ...references.map(({ lane }) => lane + 1));
