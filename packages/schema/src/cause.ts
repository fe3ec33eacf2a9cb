import { z } from 'zod';

const causesOfTarget = [
  'build-failed',
  'build-timeout',
  'never-healthy',
  'wrong-response',
  'info-mismatch',
  'errors',
  'crashed',
  'oom-target',
  'oom-child',
  'pids-exhausted',
] as const;

const causesOfHost = [
  'throttled',
  'steal',
  'swap',
  'clock-step',
  'disk-low',
  'host-drift',
  'process-paused',
  'limits-differ',
  'other-load',
  'frequency-change',
  'host-slow',
  'container-lost',
  'daemon-restart',
  'lease-lost',
] as const;

const causesOfGenerator = [
  'generator-lag',
  'generator-saturated',
  'near-ceiling',
  'generator-failed',
  'littles-law',
  'wait-skipped',
  'ephemeral-ports',
  'conntrack-full',
  'listen-overflow-generator',
  'segments-lost',
  'file-descriptors',
] as const;

const causesOfHarness = ['deadline', 'internal-error'] as const;

const causesOfAbsence = [
  'toolchain-missing',
  'toolchain-too-old',
  'image-missing',
  'quarantined',
  'not-enough-cores',
  'not-reached',
  'block-invalid',
] as const;

const causesOfInterruption = ['signal', 'harness-died'] as const;

/** Causes by whose doing they are: the closed list behind every state but `ok`. */
export const causes = {
  target: causesOfTarget,
  host: causesOfHost,
  generator: causesOfGenerator,
  harness: causesOfHarness,
  absence: causesOfAbsence,
  interruption: causesOfInterruption,
} as const;

/** Why a trial has the state it has. */
export const Cause = z.enum([
  ...causesOfTarget,
  ...causesOfHost,
  ...causesOfGenerator,
  ...causesOfHarness,
  ...causesOfAbsence,
  ...causesOfInterruption,
]);
export type Cause = z.infer<typeof Cause>;

/** Causes a `failed` trial may have: the target's own doing. */
export const FailedCause = z.enum(causesOfTarget);
export type FailedCause = z.infer<typeof FailedCause>;
/** Causes an `invalid` trial may have: the environment's, generator's or harness's doing. */
export const InvalidCause = z.enum([...causesOfHost, ...causesOfGenerator, ...causesOfHarness]);
export type InvalidCause = z.infer<typeof InvalidCause>;
/** Causes of `skipped` and `not-run`, which include a build that failed before any trial. */
export const AbsenceCause = z.enum([...causesOfAbsence, 'build-failed', 'build-timeout']);
export type AbsenceCause = z.infer<typeof AbsenceCause>;
/** Causes of `interrupted`. */
export const InterruptionCause = z.enum(causesOfInterruption);
export type InterruptionCause = z.infer<typeof InterruptionCause>;

/** One sentence per cause, for people. */
export const causeTexts: Record<Cause, string> = {
  'build-failed': 'the target could not be built',
  'build-timeout': 'the build did not end in time',
  'never-healthy': 'the server never answered /health',
  'wrong-response': 'the server gave a wrong answer',
  'info-mismatch': 'the server does not run with what the plan gave it',
  errors: 'too many requests ended in errors',
  crashed: 'the server ended during the trial',
  'oom-target': 'the server was killed for memory',
  'oom-child': 'a child of the server was killed for memory',
  'pids-exhausted': 'the server could start no more processes or threads',
  throttled: 'the kernel throttled the server',
  steal: 'the hypervisor gave the cores to somebody else',
  swap: 'the host swapped',
  'clock-step': 'the wall clock was changed',
  'disk-low': 'the disk was full',
  'host-drift': 'the host changed speed',
  'process-paused': 'the harness was paused',
  'limits-differ': 'the engine did not give what the plan asked for',
  'other-load': 'other programs used the measured cores',
  'frequency-change': 'the measured cores changed their frequency',
  'host-slow': 'the measured cores were slower than this host can be',
  'container-lost': 'the container or its network was removed by somebody else',
  'daemon-restart': 'the container engine restarted',
  'lease-lost': 'the lease on the cores was lost',
  'generator-lag': 'the load generator woke late',
  'generator-saturated': 'the load generator was too busy to be trusted',
  'near-ceiling': 'the load came too near to what the load generator can show on this host',
  'generator-failed': 'the load generator ended without a result',
  'littles-law': "the figures contradict Little's law",
  'wait-skipped': 'the server answered faster than its wait allows',
  'ephemeral-ports': 'the host ran out of ports',
  'conntrack-full': 'the connection tracking table was full',
  'listen-overflow-generator': 'connections were dropped before the server saw them',
  'segments-lost': 'the kernel lost traffic between load generator and server, and sent it again',
  'file-descriptors': 'the load generator had too few file descriptors',
  deadline: 'the trial did not end in time',
  'internal-error': 'an error of Photofinish itself',
  'toolchain-missing': 'its toolchain was not found',
  'toolchain-too-old': 'its toolchain is too old',
  'image-missing': 'it has no image to start a container from',
  quarantined: 'it failed twice in a row before',
  'not-enough-cores': 'the host has too few cores',
  'not-reached': 'the run ended before it',
  'block-invalid': 'another trial of its block could not be made valid',
  signal: 'a signal ended the run',
  'harness-died': 'the harness ended without a word',
};
