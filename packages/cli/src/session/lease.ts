import { type Lease, type LeaseHolder, localEngine } from '@photofinish/engines';
import { type Environment, LeaseError, type Plan, seconds, systemClock } from '@photofinish/schema';
import type { Invocation } from '../terminal.ts';
import type { Site } from './site/site.ts';

const askAgainAfter = seconds(1);

/** Cores held for a run, at every host that is concerned. */
export interface HeldCores extends AsyncDisposable {
  /** Resolves when the servers' cores are no longer held though nobody let go of them. */
  readonly lost: Promise<void>;
}

/**
 * Takes the cores of a plan for this run: the servers', and those of the load generator where its host is another one. Cores that another run
 * holds are waited for up to `waitSeconds`; then, or at once with 0, the `LeaseError` that names the holder is thrown.
 */
export async function leaseCores(
  site: Site,
  plan: Plan,
  { runId, collectedAt, photofinish }: Environment,
  waitSeconds: number,
  invocation: Invocation,
): Promise<HeldCores> {
  const { loadCores, grantedCores } = plan;
  const holder = { runId, since: collectedAt, version: photofinish.version };
  await using stack = new AsyncDisposableStack();
  if (loadCores !== null) {
    const here = localEngine(site.core.path);
    stack.use(await patiently(() => here.lease(loadCores, holder), waitSeconds, invocation));
  }
  const { lost } = stack.use(await patiently(() => site.engine.lease(grantedCores, holder), waitSeconds, invocation));
  const held = stack.move();
  return { lost, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

/**
 * A lease for servers on another host that are only looked at: there nobody can ask whether their harness lives, and what has no lease is taken for
 * left over. Null at an engine of this machine, where looking excludes nobody.
 */
export async function leaseAfar(
  { engine, placement }: Site,
  cores: readonly number[],
  holder: LeaseHolder,
): Promise<Lease | null> {
  return placement.topology === 'two-host' ? await engine.lease(cores, holder) : null;
}

async function patiently(
  take: () => Promise<Lease>,
  waitSeconds: number,
  { terminal, signal }: Invocation,
): Promise<Lease> {
  const deadline = systemClock.now() + waitSeconds;
  let told = false;
  for (;;) {
    try {
      return await take();
    } catch (error) {
      if (!(error instanceof LeaseError) || systemClock.now() >= deadline) throw error;
      if (!told) terminal.err(`${error.what} Waiting for it, up to ${waitSeconds} s.\n`);
      told = true;
      await systemClock.sleep(askAgainAfter, signal);
    }
  }
}
