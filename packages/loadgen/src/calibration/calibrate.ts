import type { CalibrationReading } from '@photofinish/schema';
import type { NativeCore } from '../native/core.ts';
import { nativeGenerator } from '../native/generator.ts';
import { type Exercise, jobOf } from './exercise.ts';
import { startCalibrationServer } from './fixture-server.ts';
import { type ExerciseOutcome, judge } from './judge.ts';

/** Where a calibration takes place. */
export interface CalibrationPlace {
  readonly generatorCore: number;
  readonly serverCore: number;
}

/**
 * Drives every exercise in turn and judges what came of them. `onExercise` is told each before it begins. Rejects with the signal's reason
 * when it is aborted, and with what the generator or a fixture throws.
 */
export async function calibrate(
  core: NativeCore,
  exercises: readonly Exercise[],
  place: CalibrationPlace,
  onExercise: (exercise: Exercise) => void,
  signal: AbortSignal,
): Promise<CalibrationReading[]> {
  const outcomes: ExerciseOutcome[] = [];
  for (const exercise of exercises) {
    signal.throwIfAborted();
    onExercise(exercise);
    outcomes.push(await perform(core, exercise, place, signal));
  }
  return judge(outcomes);
}

/** The server's account begins anew at the edge of the window and is read when every request of the window has its answer. */
async function perform(
  core: NativeCore,
  exercise: Exercise,
  { generatorCore, serverCore }: CalibrationPlace,
  signal: AbortSignal,
): Promise<ExerciseOutcome> {
  await using server = await startCalibrationServer(core, [...exercise.fixture, '--cores', String(serverCore)]);
  const hooks = { onWarm: async () => void (await server.account()), onWindowEnd: async () => {} };
  const result = await nativeGenerator(core).drive(jobOf(exercise, server.port, generatorCore), hooks, signal);
  return { exercise, result, account: await server.account() };
}
