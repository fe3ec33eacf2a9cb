import { type ErrorKind, InterruptedError, PhotofinishError } from '@photofinish/schema';

/** Exit codes of the design, section 8. */
export const exitCodes = {
  done: 0,
  internal: 1,
  usage: 2,
  environment: 3,
  measurement: 4,
  results: 7,
  lease: 8,
  environmentLost: 9,
  sigint: 130,
  sigterm: 143,
} as const;

const codesOfKinds: Record<Exclude<ErrorKind, 'interrupted'>, number> = {
  internal: exitCodes.internal,
  usage: exitCodes.usage,
  environment: exitCodes.environment,
  measurement: exitCodes.measurement,
  results: exitCodes.results,
  lease: exitCodes.lease,
  'environment-lost': exitCodes.environmentLost,
};

/** The exit code of an error: by its kind, 130 or 143 after a signal, 1 for a bug. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof InterruptedError) return error.signal === 'SIGINT' ? exitCodes.sigint : exitCodes.sigterm;
  if (error instanceof PhotofinishError && error.kind !== 'interrupted') return codesOfKinds[error.kind];
  return exitCodes.internal;
}
