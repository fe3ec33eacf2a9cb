import { type Guard, passed } from './guard.ts';

const withoutGroup = 'the server has no control group of its own';

/** No throttled time at all (reference: method 14): a quota is spent in bursts at the end of a period and looks like a tail of response time. */
export const throttling: Guard = ({ use: { group } }) => {
  const limit = 'none';
  if (group === null) return passed('throttling', withoutGroup, limit);
  const { throttledSeconds, throttledPeriods } = group;
  const reading = `${throttledSeconds.toFixed(3)} s in ${throttledPeriods} periods`;
  if (throttledPeriods === 0 && throttledSeconds === 0) return passed('throttling', reading, limit);
  return {
    reading: { guard: 'throttling', passed: false, reading, limit },
    blame: { state: 'invalid', cause: 'throttled' },
  };
};

/**
 * No kill for memory, by the engine's word or the kernel's counter: a child of a server that lives on ends without any other sign than a few
 * errors (reference: reliability 7).
 */
export const outOfMemory: Guard = ({ use: { group }, outOfMemory: seen }) => {
  const limit = 'none';
  const kills = group?.outOfMemoryKills ?? null;
  if (seen === 'target' || seen === 'child' || (kills !== null && kills > 0)) {
    const whom = seen === 'target' ? 'the server' : 'a child of the server';
    const reading = kills === null ? `${whom} was killed` : `${whom} was killed, ${kills} kills in the window`;
    const cause = seen === 'target' ? 'oom-target' : 'oom-child';
    return { reading: { guard: 'out-of-memory', passed: false, reading, limit }, blame: { state: 'failed', cause } };
  }
  if (group === null) return passed('out-of-memory', withoutGroup, limit);
  return passed('out-of-memory', kills === null ? 'not counted by this engine' : 'none', limit);
};
