import type { Times } from '../peers/peer.ts';
import { stall } from './stall-server.ts';

/**
 * What a perfect open loop sees of the stall server at a share of its capacity close to none: quantile `D - T (1 - q)` where that is above 0
 * and else the service time, mean `D^2 / 2T` (method, section 13). Seconds.
 */
export const openLoopTruth: { readonly [K in keyof Times]: number } = {
  mean: stall.length ** 2 / (2 * stall.period),
  p50: 0,
  p95: stall.length - stall.period * 0.05,
  p99: stall.length - stall.period * 0.01,
};

/** Largest error that passes: 1 % of the stall, seconds. */
export const tolerance = 0.01 * stall.length;

/** The largest error of the four, seconds, either way; null where the tool tells none of them. */
export function largestError(times: Times): number | null {
  const errors = (['mean', 'p50', 'p95', 'p99'] as const).flatMap((name) => {
    const value = times[name];
    return value === null ? [] : [Math.abs(value - openLoopTruth[name])];
  });
  return errors.length === 0 ? null : Math.max(...errors);
}

/**
 * Share of the responses that a closed loop of `users` sees stalled, when it completes `rate` a second over the whole: each stall catches every
 * user once, `C / (X (T - D) + C)` with the rate X outside stalls (method, section 13). It vanishes as X grows: the omission.
 */
export function predictedSlowShare(users: number, rate: number): number {
  const calm = (rate * stall.period) / (stall.period - stall.length);
  return users / (calm * (stall.period - stall.length) + users);
}
