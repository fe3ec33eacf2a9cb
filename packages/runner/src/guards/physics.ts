import { type Guard, passed } from './guard.ts';

const percent = (value: number) => `${(value * 100).toFixed(1)} %`;

/** Gap of Little's law that is always allowed (reference: method 8). */
const littleShare = 0.05;

/**
 * Little's law in a closed loop without think time (Little 1961): connections = throughput x mean response time. The two are taken over
 * different sets of requests, completed in the window and begun in it. They differ by the requests that lie across an edge, at most one per
 * connection, which is response time over window as a share; and a count of n completions has a relative standard error of 1/sqrt(n). Both
 * are allowed on top.
 */
export const littlesLaw: Guard = ({ comparison, result }) => {
  const { arrivals } = comparison.load;
  const [first] = result.classes;
  if (arrivals.loop === 'open' || first === undefined || first.answered === 0) {
    return passed('littles-law', 'not a closed loop with answers', 'closed loop only');
  }
  const inFlight = (first.completedInWindow / result.window.seconds) * first.responseTime.meanSeconds;
  const gap = Math.abs(arrivals.connections - inFlight) / arrivals.connections;
  const edge = Math.min(1, first.responseTime.meanSeconds / result.window.seconds);
  const allowed = littleShare + edge + 1 / Math.sqrt(Math.max(1, first.completedInWindow));
  const reading = `throughput x mean response time = ${inFlight.toFixed(1)} of ${arrivals.connections} connections, gap ${percent(gap)}`;
  const limit = `gap at most ${percent(allowed)}`;
  if (gap <= allowed) return passed('littles-law', reading, limit);
  return {
    reading: { guard: 'littles-law', passed: false, reading, limit },
    blame: { state: 'invalid', cause: 'littles-law' },
  };
};

/**
 * A wait cannot be shortened: throughput is at most connections (or pool threads) over the wait, and no typical answer comes before it.
 * One further wave of answers may fall into the window.
 */
export const waitCeiling: Guard = ({ comparison, result, responseTime, hasThreadPool }) => {
  const wait = comparison.workload.waitSeconds;
  const [first] = result.classes;
  if (wait === 0 || first === undefined)
    return passed('wait-ceiling', 'the workload does not wait', 'wait workloads only');
  const { connections } = comparison.load.arrivals;
  const slots = hasThreadPool ? Math.min(connections, comparison.sizes.threads) : connections;
  const throughput = first.completedInWindow / result.window.seconds;
  const ceiling = slots / wait + slots / result.window.seconds;
  const reading = `${throughput.toFixed(1)} per second, median ${((responseTime.p50 ?? 0) * 1000).toFixed(2)} ms`;
  const limit = `at most ${ceiling.toFixed(1)} per second (${slots} waits of ${wait * 1000} ms), median at least ${wait * 980} ms`;
  if (throughput <= ceiling && (responseTime.p50 === null || responseTime.p50 >= wait * 0.98))
    return passed('wait-ceiling', reading, limit);
  return {
    reading: { guard: 'wait-ceiling', passed: false, reading, limit },
    blame: { state: 'invalid', cause: 'wait-skipped' },
  };
};
