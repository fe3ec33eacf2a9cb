import { text } from '../contract/answer.ts';
import { awaited, type Endpoint, endpoint } from '../contract/endpoint.ts';
import { wholeNumber } from '../contract/query.ts';
import type { Kernels } from '../kernels/kernels.ts';

/** `GET /cpu/json?repeat=R`: parses the payload and reduces it, R times (1 when absent). */
export const cpuJson = (kernels: Kernels): Endpoint =>
  endpoint(
    '/cpu/json',
    { repeat: wholeNumber(1, 100, 1) },
    awaited(async ({ repeat }) => text(await kernels.json(repeat))),
  );
