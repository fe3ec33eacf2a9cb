import { setTimeout } from 'node:timers/promises';
import { json } from '../contract/answer.ts';
import { awaited, endpoint } from '../contract/endpoint.ts';
import { wholeNumber } from '../contract/query.ts';

/** `GET /timer?ms=M`: parks on the event loop's own timer. */
export const timer = endpoint(
  '/timer',
  { ms: wholeNumber(0, 60_000) },
  awaited(async ({ ms }) => {
    await setTimeout(ms);
    return json({ ms });
  }),
);
