export { type CalibrationPlace, calibrate } from './calibration/calibrate.ts';
export { type Exercise, exercises } from './calibration/exercise.ts';
export { type ExerciseOutcome, judge } from './calibration/judge.ts';
export type { DriveHooks, Generator } from './generator.ts';
export { type DriveScript, type MockGenerator, mockGenerator } from './mock/generator.ts';
export { type LoadScript, scriptedDistribution, scriptedResult } from './mock/scripted-result.ts';
export { type CoreSearch, findNativeCore, type NativeCore } from './native/core.ts';
export { nativeGenerator } from './native/generator.ts';
export { confineProcess, measureHiccups, measureParallelCapacity } from './native/host.ts';
