import { EnvironmentError } from '@photofinish/schema';
import type { FailedStep } from './build-log.ts';
import type { ImageRecipe } from './recipe.ts';

/** An image that could not be built. The cause goes into the records of its targets. */
export class ImageBuildError extends EnvironmentError {
  readonly failure: 'build-failed' | 'build-timeout';
  /** The step it failed in or was ended in; null where none had begun. */
  readonly step: string | null;
  readonly lastLines: readonly string[];

  constructor(
    failure: 'build-failed' | 'build-timeout',
    { title, dockerfile }: ImageRecipe,
    how: string,
    at: FailedStep,
  ) {
    super(failure === 'build-failed' ? 'E_IMAGE_BUILD' : 'E_IMAGE_BUILD_TIMEOUT', {
      what: `The image of ${title} ${how}${at.step === null ? '' : ` in step ${at.step}`}.`,
      where: dockerfile,
      ...(at.lines.length === 0 ? {} : { given: at.lines.join('\n') }),
      remedy: remedyOf(failure, at),
    });
    this.failure = failure;
    this.step = at.step;
    this.lastLines = at.lines;
  }
}

function remedyOf(failure: ImageBuildError['failure'], { step, lines }: FailedStep): string {
  if (lines.some((line) => /no space left on device/i.test(line)))
    return "Make room on the disk of the container engine: docker system df shows what fills it, docker builder prune empties the builder's cache.";
  if (step?.includes('load metadata for') === true)
    return 'Let the container engine reach the registry of the base images, or bring them there with docker load.';
  if (failure === 'build-timeout')
    return 'Try again: what was finished is cached. If it stops at the same step, read its last lines, and check the network of the container engine.';
  return 'Mend what the last lines say, then: photofinish build';
}
