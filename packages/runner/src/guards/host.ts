import { type Guard, passed } from './guard.ts';

const percent = (value: number) => `${(value * 100).toFixed(2)} %`;

/** Share of the window's core time the hypervisor may take (reference: method 14). */
const stealLimit = 0.01;

/** Time the hypervisor gave to somebody else on the cores of target and generator. */
export const steal: Guard = ({ stealShare }) => {
  const limit = `at most ${percent(stealLimit)}`;
  if (stealShare === null) return passed('steal', 'not shown by this system', limit);
  const reading = percent(stealShare);
  if (stealShare <= stealLimit) return passed('steal', reading, limit);
  return { reading: { guard: 'steal', passed: false, reading, limit }, blame: { state: 'invalid', cause: 'steal' } };
};

/** How much longer than the window the time between the harness's own two readings may be. */
const pauseSeconds = 0.5;

/** The harness must not have been paused: its own edges against the generator's window. */
export const processPause: Guard = ({ harnessSeconds, result }) => {
  const excess = harnessSeconds - result.window.seconds;
  const reading = `${excess.toFixed(3)} s between the readings beyond the window`;
  const limit = `at most ${pauseSeconds} s`;
  if (excess <= pauseSeconds) return passed('process-pause', reading, limit);
  return {
    reading: { guard: 'process-pause', passed: false, reading, limit },
    blame: { state: 'invalid', cause: 'process-paused' },
  };
};
