import { censoring, generatorLag, generatorSaturation, headroom, offeredAchieved } from './generator.ts';
import { outOfMemory, throttling } from './group.ts';
import type { Guard, GuardSubject, Judged } from './guard.ts';
import { frequency, otherLoad, processPause, steal, swap } from './host.ts';
import { kernel } from './kernel.ts';
import { littlesLaw, waitCeiling } from './physics.ts';
import { ceiling, halving } from './saturation.ts';
import { body, errors, serverAlive } from './server.ts';
import { hostSlow } from './speed.ts';

/**
 * Every guard, in the order in which a failure is blamed: a dead server explains errors, a host that others used explains a late generator,
 * errors explain broken arithmetic.
 */
const guards: readonly Guard[] = [
  serverAlive,
  outOfMemory,
  body,
  processPause,
  throttling,
  steal,
  swap,
  otherLoad,
  frequency,
  hostSlow,
  generatorSaturation,
  generatorLag,
  ceiling,
  halving,
  headroom,
  kernel,
  errors,
  censoring,
  offeredAchieved,
  waitCeiling,
  littlesLaw,
];

/** All readings of a trial, and the first failure. */
export interface Judgement {
  readonly judged: readonly Judged[];
  readonly failure: Exclude<Judged, { blame: null }> | null;
}

/** Puts every guard to a trial. */
export function judgeTrial(subject: GuardSubject): Judgement {
  const judged = guards.map((guard) => guard(subject));
  return { judged, failure: judged.find((one) => one.blame !== null) ?? null };
}
