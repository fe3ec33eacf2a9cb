import { type Guard, passed } from './guard.ts';

const milliseconds = (value: number) => `${(value * 1000).toFixed(2)} ms`;
const percent = (value: number) => `${(value * 100).toFixed(1)} %`;

/** Lag allowed against the median response time: within the margin on cores of its own, within what a shape-only verdict can see on shared ones. */
const apart = { floorSeconds: 0.0002, share: 0.05 };
const shared = { floorSeconds: 0.002, share: 0.25 };

/**
 * How late the generator's loop woke, against the response time it distorts. In open loop its p99 counts (reference: method 19, saturation
 * gates), for every late send is an arrival that was not when it should be. In closed loop a late wake-up only lengthens the cycle of a user,
 * so throughput and typical response time are off by the mean lag; and a window holds about a hundred readings a second, whose p99 would be
 * its single longest gap.
 */
export const generatorLag: Guard = ({ comparison, result, schedulerLagP99, responseTime }) => {
  const allowed = comparison.sharesCores ? shared : apart;
  const isOpen = comparison.load.arrivals.loop === 'open';
  const limitSeconds = Math.max(allowed.floorSeconds, allowed.share * (responseTime.p50 ?? 0));
  const statistic = isOpen ? 'p99' : 'mean';
  const limit = `${statistic} at most ${milliseconds(limitSeconds)} (${percent(allowed.share)} of the median response time${comparison.sharesCores ? ', cores are shared' : ''})`;
  if (schedulerLagP99 === null) return passed('generator-lag', 'no timed wait in the window', limit);
  const lag = isOpen ? schedulerLagP99 : result.generator.schedulerLag.meanSeconds;
  const reading = `mean ${milliseconds(result.generator.schedulerLag.meanSeconds)}, p99 ${milliseconds(schedulerLagP99)}`;
  if (lag <= limitSeconds) return passed('generator-lag', reading, limit);
  return {
    reading: { guard: 'generator-lag', passed: false, reading, limit },
    blame: { state: 'invalid', cause: 'generator-lag' },
  };
};

/** Largest CPU share per thread at which the generator is trusted (reference: method 19: 70 %). */
const busyLimit = 0.7;

/** How busy the generator was: CPU time over the window, per thread. */
export const generatorSaturation: Guard = ({ result }) => {
  const { cpuUserSeconds, cpuSystemSeconds, threads } = result.generator;
  const share = (cpuUserSeconds + cpuSystemSeconds) / (result.window.seconds * threads);
  const reading = `${percent(share)} of its core`;
  const limit = `at most ${percent(busyLimit)}`;
  if (share <= busyLimit) return passed('generator-saturation', reading, limit);
  return {
    reading: { guard: 'generator-saturation', passed: false, reading, limit },
    blame: { state: 'invalid', cause: 'generator-saturated' },
  };
};

/** In open loop, what was sent against what was due. */
export const offeredAchieved: Guard = ({ result }) => {
  const open = result.classes.filter((one) => one.intended > 0);
  const intended = open.reduce((total, one) => total + one.intended, 0);
  const sent = open.reduce((total, one) => total + one.sent, 0);
  const reading = `${sent} of ${intended} requests sent`;
  const limit = 'at least 99.9 %';
  if (intended === 0 || sent >= intended * 0.999) return passed('offered-achieved', reading, limit);
  return {
    reading: { guard: 'offered-achieved', passed: false, reading, limit },
    blame: { state: 'invalid', cause: 'generator-saturated' },
  };
};
