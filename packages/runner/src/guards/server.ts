import type { LoadErrors } from '@photofinish/schema';
import { blameOfExit, endText } from '../trial/exit.ts';
import { type Guard, passed } from './guard.ts';

/** The server must still live when the window is over. Whose doing its end was says the engine. */
export const serverAlive: Guard = ({ exit }) => {
  const limit = 'alive at the end of the window';
  if (exit === null) return passed('server-alive', 'alive', limit);
  return {
    reading: { guard: 'server-alive', passed: false, reading: endText(exit), limit },
    blame: blameOfExit(exit),
  };
};

const sum = (errors: LoadErrors) => Object.values(errors).reduce((total, count) => total + count, 0);

/** Errors by kind, the ones that happened: `3 timeout, 1 reset`. */
function errorsInWords(errors: LoadErrors): string {
  const kinds = Object.entries(errors).filter(([, count]) => count > 0);
  return kinds.length === 0 ? 'none' : kinds.map(([kind, count]) => `${count} ${kind}`).join(', ');
}

/** Every answer must be the expected one: a wrong status, type, length or byte is the target's doing however rare. */
export const body: Guard = ({ result }) => {
  const wrong = result.classes.reduce(
    (total, { errors }) => total + errors.status + errors.contentType + errors.length + errors.body + errors.malformed,
    0,
  );
  const compared = result.classes.reduce((total, one) => total + one.bodiesCompared, 0);
  const reading = `${wrong} wrong answers, ${compared} bodies compared byte by byte`;
  if (wrong === 0) return passed('body', reading, 'none wrong');
  return {
    reading: { guard: 'body', passed: false, reading, limit: 'none wrong' },
    blame: { state: 'failed', cause: 'wrong-response' },
  };
};

/** The share of requests that ended in an error. */
export const errors: Guard = ({ result, errorLimit }) => {
  const intended = result.classes.reduce((total, one) => total + one.intended, 0);
  const failed = result.classes.reduce((total, one) => total + sum(one.errors), 0);
  const share = intended === 0 ? (failed > 0 ? 1 : 0) : failed / intended;
  const kinds = result.classes.map((one) => errorsInWords(one.errors)).join('; ');
  const reading = `${failed} of ${intended} requests (${kinds})`;
  const limit = `at most ${errorLimit * 100} %`;
  if (share <= errorLimit) return passed('errors', reading, limit);
  return { reading: { guard: 'errors', passed: false, reading, limit }, blame: { state: 'failed', cause: 'errors' } };
};
