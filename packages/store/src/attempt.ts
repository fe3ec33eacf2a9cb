import {
  canonicalJson,
  type Digest,
  formatVersion,
  type Measurement,
  MeasurementError,
  type Plan,
  type RunId,
  TrialHistograms,
  TrialRecord,
} from '@photofinish/schema';
import { attemptFile, histogramsFile } from './layout.ts';
import { contradictions } from './record-checks.ts';
import { sha256Of } from './untrusted/file.ts';

type Draft<R> = R extends TrialRecord
  ? Omit<R, 'sequence' | 'measurement'> &
      (R extends { measurement: infer M } ? { measurement: DraftMeasurement | Extract<M, null> } : unknown)
  : never;

/** A measurement whose reference to the histograms the writer fills in; one that is there must be right. */
export type DraftMeasurement = Omit<Measurement, 'histograms'> & { histograms?: Measurement['histograms'] };

/** A trial record as the runner hands it over: without its position in the run and the reference to its histograms, which the writer gives. */
export type TrialDraft = Draft<TrialRecord> & { sequence?: number };

/** A record ready to be written. */
export interface FinishedAttempt {
  readonly record: TrialRecord;
  readonly file: AttemptBytes;
  readonly histograms: AttemptBytes | null;
}

/** One file of an attempt: path within the run folder, contents and their digest. */
interface AttemptBytes {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly sha256: Digest;
}

/** The bytes every JSON file of a run folder has: canonical JSON and a line feed. */
export const fileBytes = (value: unknown): Uint8Array => Buffer.from(`${canonicalJson(value)}\n`);

/** Name and digest that the histograms of an attempt have once the writer has written them. */
export function histogramReference(histograms: TrialHistograms): Measurement['histograms'] {
  const { path, sha256 } = bytesOf(histogramsFile(histograms.trialId, histograms.attempt), histograms);
  return { file: path, sha256 };
}

/**
 * Completes a draft: fills in sequence and reference, and refuses what a reader would refuse later. Throws `MeasurementError`
 * (`E_RECORD_CONTRADICTS`) where its figures contradict each other, the plan or the histograms, and `TypeError` or `ZodError` for a bug of the
 * caller: a wrong reference, histograms without a measurement, a field that fits no schema.
 */
export function finishAttempt(
  plan: Plan,
  runId: RunId,
  sequence: number,
  draft: TrialDraft,
  histograms: TrialHistograms | null,
): FinishedAttempt {
  const { trialId, attempt } = draft;
  const measurement = 'measurement' in draft ? draft.measurement : null;
  if ((measurement === null) !== (histograms === null)) {
    throw new TypeError(`${trialId}: a measurement and its histograms come together or not at all`);
  }
  const raw = histograms && bytesOf(histogramsFile(trialId, attempt), TrialHistograms.parse(histograms));
  const reference = raw && { file: raw.path, sha256: raw.sha256 };
  demand(`${trialId}: sequence`, draft.sequence, sequence);
  demand(`${trialId}: reference to the histograms`, measurement?.histograms, reference ?? undefined);
  const record = TrialRecord.parse({
    ...draft,
    sequence,
    ...(measurement && { measurement: { ...measurement, histograms: reference } }),
  });
  const found = contradictions({ plan, runId, record, histograms });
  if (found.length > 0) {
    throw new MeasurementError('E_RECORD_CONTRADICTS', {
      what: 'the figures of a trial contradict each other',
      where: `attempt ${attempt} at ${trialId}`,
      given: found.join('; '),
      remedy: 'report this with the trial id and the version of the load generator',
    });
  }
  return { record, file: bytesOf(attemptFile(trialId, attempt), record), histograms: raw };
}

/** The record of an attempt that nobody ended: made when a run is resumed. */
export function interruptedDraft(plan: Plan, runId: RunId, trialId: string, attempt: number, at: Date): TrialDraft {
  const block = plan.blocks.find((candidate) => candidate.trials.some((trial) => trial.trialId === trialId));
  const trial = block?.trials.find((candidate) => candidate.trialId === trialId);
  if (!block || !trial) throw new TypeError(`${trialId} is not in the plan`);
  return {
    schemaVersion: formatVersion,
    runId,
    planHash: plan.hash,
    blockId: block.blockId,
    comparisonId: block.comparisonId,
    replicate: block.replicate,
    trialId,
    cellId: trial.cellId,
    targetId: trial.targetId,
    role: trial.role,
    attempt,
    startedAt: at.toISOString(),
    phases: [],
    notes: [],
    state: 'interrupted',
    cause: 'harness-died',
    reason: 'the journal has the start of this attempt but not its end',
  };
}

function bytesOf(path: string, value: unknown): AttemptBytes {
  const bytes = fileBytes(value);
  return { path, bytes, sha256: sha256Of(bytes) };
}

function demand(what: string, given: unknown, right: unknown): void {
  if (given === undefined || canonicalJson(given) === canonicalJson(right)) return;
  throw new TypeError(`${what} is ${canonicalJson(right) ?? 'none'}, not ${canonicalJson(given)}`);
}
