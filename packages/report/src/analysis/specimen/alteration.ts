import { type OkTrial, TrialRecord } from '@photofinish/schema';
import type { AnalysedRun } from '../analysed-run.ts';

/** The record of a trial with other fields in place of some; parsed, so that a test cannot use what no runner could write. */
export function changed(record: TrialRecord, change: Readonly<Record<string, unknown>>): TrialRecord {
  return TrialRecord.parse({ ...record, ...change });
}

/** The same attempt in another state than `ok`. */
export function fate(
  record: TrialRecord,
  state: 'failed' | 'invalid' | 'interrupted' | 'skipped' | 'not-run',
  cause: string,
  change: Readonly<Record<string, unknown>> = {},
): TrialRecord {
  const {
    info: _info,
    timeToReadySeconds: _time,
    measurement,
    resources: _resources,
    host: _host,
    guards,
    ...common
  } = record as OkTrial;
  const parts = {
    failed: {
      phase: 'measure',
      message: 'the process ended with signal SIGSEGV',
      lastWords: 'segmentation fault',
      measurement: null,
    },
    invalid: { message: 'steal was 4.0 %', measurement, guards },
    interrupted: { reason: 'SIGINT' },
    skipped: { reason: 'it failed twice in a row' },
    'not-run': { reason: 'the run ended', remedy: 'photofinish run --resume' },
  };
  return TrialRecord.parse({ ...common, state, cause, ...parts[state], ...change });
}

/** Replaces the records of which `isMeant` is true by what `make` gives; an empty list removes them. */
export function altered(
  run: AnalysedRun,
  isMeant: (record: TrialRecord) => boolean,
  make: (record: TrialRecord) => readonly TrialRecord[],
): AnalysedRun {
  return { ...run, records: run.records.flatMap((record) => (isMeant(record) ? make(record) : [record])) };
}
