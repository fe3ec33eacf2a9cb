import { EnvironmentLostError, type InvalidCause } from '@photofinish/schema';

/** A signal for the work of a run: it aborts with the signal given, and with the loss of the lease. */
export function withLease(signal: AbortSignal, lost: Promise<void> | undefined): AbortSignal {
  if (lost === undefined) return signal;
  const loss = new AbortController();
  const lose = () => loss.abort(leaseLost());
  lost.then(lose, lose);
  return AbortSignal.any([signal, loss.signal]);
}

function leaseLost(): EnvironmentLostError {
  return new EnvironmentLostError('E_LEASE_LOST', {
    what: 'The lease on the cores was lost: another run may have taken them.',
    remedy:
      'Look for what ended it (`photofinish gc` lists what is ours), then go on with --resume: finished trials are kept.',
  });
}

/** By the code of the error, the most telling first: an engine that ends takes the lease with it. */
const causes: readonly (readonly [string, InvalidCause])[] = [
  ['E_ENGINE_LOST', 'daemon-restart'],
  ['E_ENGINE_DISK_FULL', 'disk-low'],
  ['E_LEASE_LOST', 'lease-lost'],
];

/** What a lost environment makes of the trial under way, out of everything that was thrown; null where nothing can be said, or written, of it. */
export function causeOfLoss(
  ...thrown: readonly unknown[]
): { readonly cause: InvalidCause; readonly message: string } | null {
  const losses = thrown.flatMap(faultsIn).filter((fault) => fault instanceof EnvironmentLostError);
  for (const [code, cause] of causes) {
    const loss = losses.find((one) => one.code === code);
    if (loss !== undefined) return { cause, message: [loss.what, loss.given].filter(Boolean).join(' ') };
  }
  return null;
}

/** The faults that one error carries: letting go of what is lost fails too. */
function faultsIn(error: unknown): unknown[] {
  return error instanceof SuppressedError ? [...faultsIn(error.suppressed), ...faultsIn(error.error)] : [error];
}
