import { cpuJson } from '../cpu-json/workload.ts';
import { payloadFacts } from '../kernels/payload.ts';
import { answerCase, type ContractCase } from './case.ts';
import type { Draw } from './draw.ts';
import { computedEachTimeCase, type KernelRequest, parallelKernelCase } from './kernels.ts';
import { numberCases } from './numbers.ts';

const endpoint = '/cpu/json';

/** Bytes per second that no parser on one core reaches: the fastest known, with SIMD instructions, parse about 3e9. */
const ceilingBytesPerSecond = 12e9;

/** Cases of `GET /cpu/json`. */
export function jsonCases(draw: Draw, slow: boolean): ContractCase[] {
  const ask = (repeat: number): KernelRequest => ({
    target: cpuJson.request({ repeat }).path,
    expected: cpuJson.expected({ repeat }),
  });
  const judged = (id: string, title: string, repeat: number) => {
    const { target, expected } = ask(repeat);
    return answerCase({ id, endpoint, title, request: { target }, expected });
  };
  const repeat = 10;
  return [
    ...numberCases(cpuJson, 'repeat', 1, draw),
    answerCase({
      id: 'cpu-json-golden',
      endpoint,
      title: 'the golden checksum line, without any parameter',
      request: { target: endpoint },
      expected: cpuJson.expected({}),
    }),
    judged('cpu-json-repeated', 'two rounds give the same line as one', 2),
    ...(slow ? [judged('cpu-json-most', 'the maximum of rounds', 100)] : []),
    parallelKernelCase(
      'cpu-json-parallel',
      endpoint,
      Array.from({ length: 4 }, () => ask(draw.between(1, 2))),
    ),
    computedEachTimeCase(
      'cpu-json-computed',
      endpoint,
      ask(repeat),
      (repeat * payloadFacts.bytes) / ceilingBytesPerSecond,
    ),
  ];
}
