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

const causes: Readonly<Record<string, InvalidCause>> = {
  E_LEASE_LOST: 'lease-lost',
  E_ENGINE_LOST: 'daemon-restart',
  E_ENGINE_DISK_FULL: 'disk-low',
};

/** What a lost environment makes of the trial under way; null where nothing can be said, or written, of it. */
export function causeOfLoss(error: unknown): { readonly cause: InvalidCause; readonly message: string } | null {
  if (!(error instanceof EnvironmentLostError)) return null;
  const cause = causes[error.code];
  return cause === undefined ? null : { cause, message: [error.what, error.given].filter(Boolean).join(' ') };
}
