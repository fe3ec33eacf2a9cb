import { cpuSpin } from '../cpu-spin/workload.ts';
import { answerCase, type ContractCase } from './case.ts';
import type { Draw } from './draw.ts';
import { computedEachTimeCase, type KernelRequest, parallelKernelCase } from './kernels.ts';
import { numberCases } from './numbers.ts';

const endpoint = '/cpu/spin';

/**
 * Least time of one step on any processor, seconds: six dependent operations at one cycle each are 1.2 ns at 5 GHz; this allows for a clock of
 * 12 GHz.
 */
const floorSecondsPerStep = 0.5e-9;

/** Cases of `GET /cpu/spin`. */
export function spinCases(draw: Draw, slow: boolean): ContractCase[] {
  const ask = (n: number): KernelRequest => ({
    target: cpuSpin.request({ n }).path,
    expected: cpuSpin.expected({ n }),
  });
  const judged = (id: string, title: string, n: number) => {
    const { target, expected } = ask(n);
    return answerCase({ id, endpoint, title: `${title} (n=${n})`, request: { target }, expected });
  };
  const repeated = draw.between(3_000_000, 3_100_000);
  return [
    ...numberCases(cpuSpin, 'n', 1000, draw),
    judged('cpu-spin-golden', 'the golden value of the contract', 5_000_000),
    ...(slow ? [judged('cpu-spin-golden-long', 'the second golden value of the contract', 50_000_000)] : []),
    ...[2, 3].map((n) => judged(`cpu-spin-${n}`, 'the first steps', n)),
    ...[1, 2, 3].map((index) =>
      judged(`cpu-spin-drawn-${index}`, 'a drawn number of steps', draw.between(10, 200_000)),
    ),
    parallelKernelCase(
      'cpu-spin-parallel',
      endpoint,
      Array.from({ length: 8 }, () => ask(draw.between(10_000, 100_000))),
    ),
    computedEachTimeCase('cpu-spin-computed', endpoint, ask(repeated), repeated * floorSecondsPerStep),
  ];
}
