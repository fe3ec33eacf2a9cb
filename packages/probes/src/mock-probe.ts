import { type Clock, seconds } from '@photofinish/schema';
import type { Probe, ResourceUse } from './probe.ts';

/** A probe that returns the same figures each time and logs its two edges. */
export function mockProbe(clock: Clock, log: string[], use: Partial<ResourceUse> = {}): Probe {
  return {
    id: 'mock',
    async start() {
      log.push('probe first edge');
      const began = clock.now();
      return {
        async finish() {
          log.push('probe last edge');
          return {
            source: 'mock',
            intervalSeconds: seconds(clock.now() - began) || 1,
            cpuUserSeconds: 0.5,
            cpuSystemSeconds: 0.1,
            rssStartBytes: 50e6,
            rssEndBytes: 60e6,
            rssPeakBytes: 61e6,
            pssEndBytes: 55e6,
            virtualBytes: 1e9,
            processes: 1,
            threads: 4,
            threadsPeak: 4,
            voluntarySwitches: 1000,
            involuntarySwitches: 10,
            group: null,
            ...use,
          };
        },
        [Symbol.dispose]() {},
      };
    },
  };
}
