import { text } from '../contract/answer.ts';
import { awaited, type Endpoint, endpoint } from '../contract/endpoint.ts';
import { wholeNumber } from '../contract/query.ts';
import type { Kernels } from '../kernels/kernels.ts';

/** `GET /cpu/spin?n=N`: N steps of the xorshift kernel. */
export const cpuSpin = (kernels: Kernels): Endpoint =>
  endpoint(
    '/cpu/spin',
    { n: wholeNumber(1, 1_000_000_000) },
    awaited(async ({ n }) => text(await kernels.spin(n))),
  );
