import { setImmediate as nextTurn } from 'node:timers/promises';
import { DeliberateFailure } from '../contract/deliberate-failure.ts';
import { awaited, endpoint } from '../contract/endpoint.ts';
import { oneOf } from '../contract/query.ts';

const fail = (): never => {
  throw new DeliberateFailure('boom');
};

/** An exception in a raw callback belongs to nobody and ends the process; a fair callback catches it and hands it on. */
const insideCallback = (work: () => never): Promise<never> =>
  new Promise((_resolve, reject) => {
    setImmediate(() => {
      try {
        work();
      } catch (failure) {
        reject(failure);
      }
    });
  });

const failures = {
  sync: async () => fail(),
  await: async () => {
    await nextTurn();
    return fail();
  },
  callback: () => insideCallback(fail),
};

/** `GET /fail?at=sync|await|callback`: fails at once, after an await, or inside a callback. */
export const failing = endpoint(
  '/fail',
  { at: oneOf('sync', 'await', 'callback') },
  awaited(({ at }) => failures[at]()),
);
