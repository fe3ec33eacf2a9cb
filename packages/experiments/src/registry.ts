import { type Experiment, nearest, UsageError } from '@photofinish/schema';
import { quick } from './quick/experiment.ts';

/** Every experiment by its id. */
export const experiments = { quick } as const satisfies Readonly<Record<string, Experiment>>;

/** The experiment of an id. Throws `UsageError` `E_UNKNOWN_EXPERIMENT` with the nearest valid id. */
export function findExperiment(id: string): Experiment {
  const found = Object.values(experiments).find((experiment) => experiment.id === id);
  if (found !== undefined) return found;
  const ids = Object.keys(experiments);
  const meant = nearest(id, ids);
  throw new UsageError('E_UNKNOWN_EXPERIMENT', {
    what: `there is no experiment ${id}`,
    given: id,
    allowed: ids.join(', '),
    remedy: meant === null ? 'choose one of those allowed' : `did you mean ${meant}?`,
  });
}
