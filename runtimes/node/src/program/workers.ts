import cluster, { type Worker } from 'node:cluster';
import { stopDeadline } from './listener.ts';
import { refuse } from './program.ts';
import { Refusal } from './refusal.ts';

/** The primary's word to its workers: all of them listen. */
interface Assembled {
  readonly serving: number;
}

/** A worker's word to the primary: it cannot start. Only the primary speaks to the outside, so that one cause is one line. */
interface Unable {
  readonly refusal: string;
  readonly exitCode: number;
}

/** Workers that all listen on one port. */
export interface Workers {
  readonly port: number;
  /** Lets every worker finish what it has in flight; one that is not done soon after the deadline is killed. */
  stop(): Promise<void>;
}

/** Time beyond their own deadline that workers get to end before they are killed, milliseconds. */
const killDelay = 500;

const all = (): Worker[] => Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
const signalAll = (signal: 'SIGTERM' | 'SIGKILL'): void => {
  for (const worker of all()) worker.process.kill(signal);
};

/**
 * Starts `count` workers and waits until all listen. The primary accepts connections and hands them out in turn. A worker that ends unasked
 * ends the program at once: half a cluster would be measured as if it were a whole one.
 */
export const startWorkers = (count: number): Promise<Workers> => {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  const giveUp = (message: string, exitCode: number): never => {
    signalAll('SIGKILL');
    return refuse(message, exitCode);
  };
  const endedUnasked = (worker: Worker, code: number | null, signal: string | null): never =>
    giveUp(`worker ${worker.process.pid} ended (${signal ?? `exit code ${code}`}); the cluster is no longer whole`, 1);
  cluster.on('exit', endedUnasked);
  cluster.on('message', (_worker, { refusal, exitCode }: Unable) => giveUp(refusal, exitCode));

  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      cluster.off('exit', endedUnasked);
      let left = count;
      cluster.on('exit', () => {
        left -= 1;
        if (left === 0) resolve();
      });
      signalAll('SIGTERM');
      setTimeout(() => signalAll('SIGKILL'), stopDeadline + killDelay).unref();
    });

  return new Promise((resolve) => {
    let listening = 0;
    cluster.on('listening', (_worker, { port }) => {
      listening += 1;
      if (listening < count) return;
      const assembled: Assembled = { serving: count };
      for (const worker of all()) worker.send(assembled);
      resolve({ port, stop });
    });
    for (let position = 0; position < count; position++) cluster.fork();
  });
};

/** In a worker: how many workers serve, once the primary has seen them all listen. */
export const servingWorkers = (): Promise<number> =>
  new Promise((resolve) => process.once('message', ({ serving }: Assembled) => resolve(serving)));

/** In a worker: leaves it to the primary to say why it cannot start, and waits for the end. Throws anything that is no refusal. */
export const leaveToPrimary = (error: unknown): Promise<never> => {
  if (!(error instanceof Refusal)) throw error;
  const unable: Unable = { refusal: error.message, exitCode: error.exitCode };
  process.send?.(unable);
  return new Promise(() => {});
};
