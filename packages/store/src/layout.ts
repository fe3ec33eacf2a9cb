import { join } from 'node:path';
import { RunId, TrialId } from '@photofinish/schema';

/** Files and folders of a run folder, relative to it. Every name in `results/` is made in this file. */
export const runFiles = {
  plan: 'plan.json',
  environment: 'environment.json',
  journal: 'journal.ndjson',
  trials: 'trials',
  raw: 'raw',
  quarantine: 'quarantine',
  seal: 'SEAL.json',
  /** Space kept back so that the journal's last line fits on a full disk; gone once the run is closed. */
  reserve: '.reserve',
} as const;

/** The folder of an experiment's runs. */
export const experimentFolder = (root: string, experimentId: string): string => join(root, experimentId);

/** The folder of one run: `<root>/<experiment>/<run-id>`. */
export const runFolder = (root: string, experimentId: string, runId: string): string => join(root, experimentId, runId);

/** Where the record of an attempt lies, relative to the run folder. */
export const attemptFile = (trialId: string, attempt: number): string =>
  `${runFiles.trials}/${trialId}/attempt-${attempt}.json`;

/** Where the encoded histograms of an attempt lie, relative to the run folder. */
export const histogramsFile = (trialId: string, attempt: number): string =>
  `${runFiles.raw}/${trialId}/attempt-${attempt}.histograms.json`;

/** Where a file goes that must not count: numbered by the journal line that says so, so that no two ever share a name. */
export const quarantineFile = (journalSequence: number, file: string): string =>
  `${runFiles.quarantine}/${journalSequence}.${file.replaceAll('/', '.')}`;

/** The name a file has in its own folder until it is whole. */
export const partialName = (name: string): string => `.${name}.partial`;

/** Whether a name is one that only unfinished files have. */
export const isPartialName = (name: string): boolean => /^\..+\.partial$/.test(name);

/** Whether a name can be the folder of a trial. */
export const isTrialFolder = (name: string): boolean => TrialId.safeParse(name).success;

/** Whether a relative path may be named by a seal: plain words between slashes, so that nothing outside the run folder can be meant. */
export const isSealablePath = (path: string): boolean =>
  path.length <= 300 && path.split('/').every((part) => /^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(part));

/**
 * A new run id: UTC to the second and six random hexadecimal digits, so that names sort by time.
 * `random` returns a number in [0, 1).
 */
export function newRunId(wall: Date, random: () => number = Math.random): RunId {
  const time = wall.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const tail = Math.floor(random() * 2 ** 24)
    .toString(16)
    .padStart(6, '0');
  return RunId.parse(`${time}-${tail}`);
}
