import { EnvironmentError, type PlannedTarget } from '@photofinish/schema';

/** A run goes on only with the images it began with. Throws `EnvironmentError` `E_IMAGE_CHANGED` naming those that differ. */
export function requireSameImages(planned: readonly PlannedTarget[], found: readonly PlannedTarget[]): void {
  const changed = found.flatMap(({ targetId, image }) => {
    const before = planned.find((target) => target.targetId === targetId)?.image ?? null;
    return before?.id === image?.id ? [] : [`${targetId}: began with ${named(before)}, now ${named(image)}`];
  });
  if (changed.length === 0) return;
  throw new EnvironmentError('E_IMAGE_CHANGED', {
    what: 'The images are no longer those the run began with.',
    given: changed.join('\n'),
    remedy: 'Check out the sources it began with and run photofinish build, or begin a new run.',
  });
}

const named = (image: PlannedTarget['image']) =>
  image === null ? 'none' : `${image.reference} (${image.id.slice(7, 19)})`;
