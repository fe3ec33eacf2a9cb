import { connectDocker, engineConditions, unreachableCondition } from '@photofinish/engines';
import { type Condition, EnvironmentError } from '@photofinish/schema';
import { findImages, type ImageOutcome } from '../setup/images.ts';
import { allRuntimes } from '../setup/runtimes.ts';
import type { Invocation } from '../terminal.ts';

/** What the container engine offers and which images stand there; of an engine that does not answer, that and why. */
export async function containerConditions(invocation: Invocation): Promise<Condition[]> {
  const { environment, home, root } = invocation;
  try {
    const connection = await connectDocker({ environment, home });
    try {
      const images = await findImages(connection.client, root, await allRuntimes(invocation));
      return [...(await engineConditions(connection)), imageCondition(images)];
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (error instanceof EnvironmentError) return [unreachableCondition(error)];
    throw error;
  }
}

function imageCondition(images: ReadonlyMap<string, ImageOutcome>): Condition {
  const there = [...images.values()].flatMap((outcome) => (outcome.built ? [outcome.image.reference] : []));
  const missing = [...images].filter(([, { built }]) => !built).map(([id]) => id);
  const found =
    missing.length === 0
      ? there.join(', ')
      : `not built yet: ${missing.join(', ')}; the first measurement builds them, or photofinish build`;
  return { id: 'images', title: 'Images', level: 'ok', found, effect: '', remedy: '' };
}
