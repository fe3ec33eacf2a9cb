import type { Claim } from '@photofinish/schema';

/** Sentences written before measuring. The thresholds are those of the claims C1 and C6; their reasons are in this folder's README. */
export const claims: Claim[] = [
  {
    rule: 'ceiling',
    id: 'waiting-costs-no-thread',
    sentence:
      'An event loop, goroutines and virtual threads hold every one of 256 waiting requests: throughput is connections / 50 ms.',
    comparison: 'timer',
    targets: ['node/async-await', 'go/goroutines', 'java/virtual-threads'],
    ceiling: 'connections',
    tolerance: 0.1,
  },
  {
    rule: 'ceiling',
    id: 'a-pool-caps-waiting',
    sentence: 'A pool of 64 threads is capped at threads / 50 ms, whether one process holds it or several.',
    comparison: 'timer',
    targets: ['python/threads', 'python/multiprocessing'],
    ceiling: 'threads',
    tolerance: 0.1,
  },
  {
    rule: 'ceiling',
    id: 'a-pool-caps-waiting-in-java',
    sentence: 'A pool of 64 platform threads in Java is capped the same way.',
    comparison: 'timer',
    targets: ['java/platform-pool'],
    ceiling: 'threads',
    tolerance: 0.1,
  },
  {
    rule: 'speedup',
    id: 'python-threads-gain-nothing',
    sentence: 'Python threads gain nothing from further cores on CPU work, because of the global interpreter lock.',
    from: 'spin-one-core',
    to: 'spin-all-cores',
    targets: ['python/threads'],
    atMost: 1.1,
  },
  {
    rule: 'speedup',
    id: 'python-processes-scale',
    sentence: 'Python processes gain at least 0.8 of what the host can show on CPU work.',
    from: 'spin-one-core',
    to: 'spin-all-cores',
    targets: ['python/multiprocessing'],
    atLeastShareOfCapacity: 0.8,
  },
  {
    rule: 'speedup',
    id: 'goroutines-and-virtual-threads-scale',
    sentence: 'Goroutines and virtual threads gain at least 0.8 of what the host can show on CPU work.',
    from: 'spin-one-core',
    to: 'spin-all-cores',
    targets: ['go/goroutines', 'java/virtual-threads'],
    atLeastShareOfCapacity: 0.8,
  },
];
