import type { Engine, Lease } from '@photofinish/engines';
import { type Environment, LeaseError, type Plan, seconds, systemClock } from '@photofinish/schema';
import type { Invocation } from '../terminal.ts';

const askAgainAfter = seconds(1);

/**
 * Takes the cores of a plan for this run. Cores that another run holds are waited for up to `waitSeconds`; then, or at once with 0, the
 * `LeaseError` that names the holder is thrown.
 */
export async function leaseCores(
  engine: Engine,
  plan: Plan,
  { runId, collectedAt, photofinish }: Environment,
  waitSeconds: number,
  { terminal, signal }: Invocation,
): Promise<Lease> {
  const holder = { runId, since: collectedAt, version: photofinish.version };
  const deadline = systemClock.now() + waitSeconds;
  let told = false;
  for (;;) {
    try {
      return await engine.lease(plan.grantedCores, holder);
    } catch (error) {
      if (!(error instanceof LeaseError) || systemClock.now() >= deadline) throw error;
      if (!told) terminal.err(`${error.what} Waiting for it, up to ${waitSeconds} s.\n`);
      told = true;
      await systemClock.sleep(askAgainAfter, signal);
    }
  }
}
