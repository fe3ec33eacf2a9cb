import type { ResourceUse } from '../probe.ts';
import type { ProcessSample } from './process.ts';

/** What the processes of a server tell between two edges, without CPU time. */
export type ProcessUse = Omit<
  ResourceUse,
  'source' | 'intervalSeconds' | 'cpuUserSeconds' | 'cpuSystemSeconds' | 'group'
>;

const sum = (samples: readonly ProcessSample[], value: (sample: ProcessSample) => number) =>
  samples.reduce((total, sample) => total + value(sample), 0);

/** Memory, threads and context switches of the processes seen at the last edge; counters of a process that began in the window count from nothing. */
export function processUse(first: readonly ProcessSample[], last: readonly ProcessSample[]): ProcessUse {
  const before = new Map(first.map((sample) => [sample.pid, sample]));
  const counted = (value: (sample: ProcessSample) => number) =>
    last.reduce((total, sample) => {
      const earlier = before.get(sample.pid);
      return total + Math.max(0, value(sample) - (earlier === undefined ? 0 : value(earlier)));
    }, 0);
  const pss = last.map((sample) => sample.pssBytes);
  return {
    rssStartBytes: sum(first, (sample) => sample.rssBytes),
    rssEndBytes: sum(last, (sample) => sample.rssBytes),
    rssPeakBytes: sum(last, (sample) => sample.rssPeakBytes),
    pssEndBytes: pss.some((value) => value === null)
      ? null
      : pss.reduce<number>((total, value) => total + (value ?? 0), 0),
    virtualBytes: sum(last, (sample) => sample.virtualBytes),
    processes: last.length,
    threads: sum(last, (sample) => sample.threads),
    threadsPeak: Math.max(
      sum(first, (sample) => sample.threads),
      sum(last, (sample) => sample.threads),
    ),
    voluntarySwitches: counted((sample) => sample.voluntarySwitches),
    involuntarySwitches: counted((sample) => sample.involuntarySwitches),
  };
}
