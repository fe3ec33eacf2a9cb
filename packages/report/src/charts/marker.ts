/** Shapes a model can have, by their names in Chart.js. */
export type Shape = 'circle' | 'rect' | 'triangle' | 'rectRot';

/** How a model is drawn, whatever the colour of its runtime. */
export interface Marker {
  readonly shape: Shape;
  readonly hollow: boolean;
}

const shapes: readonly Shape[] = ['circle', 'rect', 'triangle', 'rectRot'];

/** Marker of a model by its position in its runtime's manifest: four filled shapes, then the same four hollow; then they begin again. */
export function markerOf(modelIndex: number): Marker {
  return {
    shape: shapes[modelIndex % shapes.length] ?? 'circle',
    hollow: Math.floor(modelIndex / shapes.length) % 2 === 1,
  };
}

/** Names of the markers for people, e.g. `hollow square`. */
export function markerName({ shape, hollow }: Marker): string {
  const names: Record<Shape, string> = { circle: 'dot', rect: 'square', triangle: 'triangle', rectRot: 'diamond' };
  return hollow ? `hollow ${names[shape]}` : names[shape];
}
