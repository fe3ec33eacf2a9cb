import type { Halving } from '@photofinish/loadgen';
import { type Guard, passed } from './guard.ts';

const percent = (value: number) => `${(value * 100).toFixed(1)} %`;
const milliseconds = (value: number) => `${(value * 1000).toFixed(2)} ms`;

/** Share of the ceiling that a load may reach (reference: method 19). */
const ceilingShare = 0.5;

/**
 * What was asked for against what the generator gets from the null server on the same cores, over as many connections, with bodies as long: the
 * rate of an open loop, the throughput of a closed one. Below half of it, the generator's own queueing is no part of what is measured.
 */
export const ceiling: Guard = ({ comparison, result, saturation }) => {
  const { arrivals } = comparison.load;
  const limit = `at most ${percent(ceilingShare)} of what the null server answers here`;
  if (saturation.ceiling === null) return passed('ceiling', 'this host cannot be measured from here', limit);
  const completed = result.classes.reduce((sum, one) => sum + one.completedInWindow, 0);
  const rate = arrivals.loop === 'open' ? arrivals.rate : completed / result.window.seconds;
  const share = rate / saturation.ceiling;
  const reading = `${rate.toFixed(0)} per second, ${percent(share)} of ${saturation.ceiling.toFixed(0)}`;
  if (share <= ceilingShare) return passed('ceiling', reading, limit);
  return {
    reading: { guard: 'ceiling', passed: false, reading, limit },
    blame: { state: 'invalid', cause: 'near-ceiling' },
  };
};

/** Change of p99 that the halving check allows: the margin on response times, or its absolute floor (reference: method 11). */
const halvingMargin = { share: 0.1, floorSeconds: 0.0002 };

/** Whether p99 is the same when half the rate is sent on each of twice the threads. */
export function changesNothing({ p99Seconds, halvedP99Seconds }: Halving): boolean {
  const change = Math.abs(p99Seconds - halvedP99Seconds);
  return change <= Math.max(halvingMargin.floorSeconds, halvingMargin.share * Math.min(p99Seconds, halvedP99Seconds));
}

/** Half the rate on each of twice the threads must not change p99 (reference: method 19): judged once a run, on its heaviest load. */
export const halving: Guard = ({ saturation: { halving: seen } }) => {
  const limit = `a change of at most ${percent(halvingMargin.share)} or ${milliseconds(halvingMargin.floorSeconds)}`;
  if ('reason' in seen) return passed('halving', `not judged: ${seen.reason}`, limit);
  const { threads, p99Seconds, halvedP99Seconds } = seen;
  const reading = `p99 ${milliseconds(p99Seconds)} on ${threads === 1 ? 'one thread' : `${threads} threads`}, ${milliseconds(halvedP99Seconds)} on twice as many`;
  if (changesNothing(seen)) return passed('halving', reading, limit);
  return {
    reading: { guard: 'halving', passed: false, reading, limit },
    blame: { state: 'invalid', cause: 'generator-saturated' },
  };
};
