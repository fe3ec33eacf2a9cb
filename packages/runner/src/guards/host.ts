import { type Guard, passed } from './guard.ts';

const percent = (value: number) => `${(value * 100).toFixed(2)} %`;

/** Share of the window's core time the hypervisor may take (reference: method 14). */
const stealLimit = 0.01;

/** Time the hypervisor gave to somebody else on the cores of target and generator. */
export const steal: Guard = ({ host: { stealShare } }) => {
  const limit = `at most ${percent(stealLimit)}`;
  if (stealShare === null) return passed('steal', 'not shown by this system', limit);
  const reading = percent(stealShare);
  if (stealShare <= stealLimit) return passed('steal', reading, limit);
  return { reading: { guard: 'steal', passed: false, reading, limit }, blame: { state: 'invalid', cause: 'steal' } };
};

/** How much longer than the window the time between the harness's own two readings may be. */
const pauseSeconds = 0.5;

/** The harness must not have been paused: its own edges against the generator's window. */
export const processPause: Guard = ({ harnessSeconds, result }) => {
  const excess = harnessSeconds - result.window.seconds;
  const reading = `${excess.toFixed(3)} s between the readings beyond the window`;
  const limit = `at most ${pauseSeconds} s`;
  if (excess <= pauseSeconds) return passed('process-pause', reading, limit);
  return {
    reading: { guard: 'process-pause', passed: false, reading, limit },
    blame: { state: 'invalid', cause: 'process-paused' },
  };
};

/**
 * Share of the measured cores that other programs may use: what would by itself make a difference as large as the smallest one a verdict may
 * be about. A program that takes the share s of saturated cores slows the server by 1/(1 - s): 5 % is the margin on throughput (design,
 * section 7), a third is the factor 1.5 within which a shape-only host gets no verdict. Seen on a virtual machine of two cores where nobody else
 * worked: 0 in most of 252 trials and 7 % at most; up to 16 % where the engine's proxy process for published ports works on the target's cores;
 * 68 to 88 % while compilers used both cores.
 */
const otherLoadLimit = { full: 0.05, 'shape-only': 1 / 3 };

/** Programs that are no part of the trial on the cores of the target. */
export const otherLoad: Guard = ({ hostClass, host: { otherLoadShare } }) => {
  const allowed = otherLoadLimit[hostClass];
  const limit = `at most ${percent(allowed)} of the target's cores${hostClass === 'full' ? '' : ' (shape-only host)'}`;
  if (otherLoadShare === null) return passed('other-load', 'not shown by this system', limit);
  const reading = percent(otherLoadShare);
  if (otherLoadShare <= allowed) return passed('other-load', reading, limit);
  return {
    reading: { guard: 'other-load', passed: false, reading, limit },
    blame: { state: 'invalid', cause: 'other-load' },
  };
};

/** Pages a second moved to or from swap. A page costs up to 10 ms from a rotating disk: at one a second that is 1 % of the time, as much as steal may take. */
const swapLimit = 1;

/** Swapping of the whole host: the kernel does not say whose pages they were. */
export const swap: Guard = ({ harnessSeconds, host: { swappedPages } }) => {
  const limit = `at most ${swapLimit} page a second`;
  if (swappedPages === null) return passed('swap', 'not shown by this system', limit);
  const reading = `${swappedPages} pages swapped in or out`;
  if (swappedPages <= swapLimit * harnessSeconds) return passed('swap', reading, limit);
  return { reading: { guard: 'swap', passed: false, reading, limit }, blame: { state: 'invalid', cause: 'swap' } };
};

/** Lowest over highest frequency that is allowed: a tenth, as for the speed of a core (reference: method 14, guard `host-slow`), or the factor 1.5. */
const frequencyLimit = { full: 0.9, 'shape-only': 2 / 3 };

/**
 * The frequency of the measured cores at both edges, and whether heat slowed one in between. A governor that follows the load is not judged by
 * it: the cores of a server that waits are slow because they have nothing to do, and preflight warns of such a governor.
 */
export const frequency: Guard = ({ hostClass, host: { frequencyRatio, frequencyFollowsLoad, thermalThrottles } }) => {
  const allowed = frequencyLimit[hostClass];
  const limit = `lowest at least ${percent(allowed)} of the highest, never slowed by heat`;
  const heat = thermalThrottles === null ? '' : `, slowed by heat ${thermalThrottles} times`;
  if (frequencyRatio === null) return passed('frequency', 'not shown by this system', limit);
  const reading = `lowest ${percent(frequencyRatio)} of the highest${heat}`;
  const isHot = thermalThrottles !== null && thermalThrottles > 0;
  if (!isHot && frequencyFollowsLoad)
    return passed('frequency', `${reading}, under a governor that follows the load`, limit);
  if (!isHot && frequencyRatio >= allowed) return passed('frequency', reading, limit);
  return {
    reading: { guard: 'frequency', passed: false, reading, limit },
    blame: { state: 'invalid', cause: 'frequency-change' },
  };
};
