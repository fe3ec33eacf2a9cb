import { constants } from 'node:os';
import type { ServerExit } from '@photofinish/schema';

/** By number; of several names of one number the first in the kernel's list, SIGABRT before SIGIOT. */
const signalNames = new Map(
  Object.entries(constants.signals)
    .map(([name, number]) => [number as number, name] as const)
    .reverse(),
);

/** How a server ended by the exit code of its container: the supervisor and the init give 128 + n after signal n, as shells do. */
export function exitFromCode(code: number, reason: ServerExit['reason'] = 'own'): ServerExit {
  const signal = signalNames.get(code - 128);
  return signal === undefined ? { code, signal: null, reason } : { code: null, signal, reason };
}

/** What is known of the end of a container. */
export interface Ending {
  /** Exit code as the engine gave it; null when the container is gone or the engine is. */
  readonly code: number | null;
  /** The engine or the kernel told of a kill for memory in the container. */
  readonly killedForMemory: boolean;
  /** Whether the server lived on after a kill for memory, as it does when it had to be asked to end. */
  readonly outlived: boolean;
  readonly removed: boolean;
  readonly engineLost: boolean;
}

/** The end of a server in the words of a record. */
export interface JudgedEnd {
  readonly exit: ServerExit;
  readonly outOfMemory: 'target' | 'child' | null;
}

/**
 * Tells the ends apart. The exit code 137 alone proves nothing: somebody may have sent SIGKILL (hashicorp/nomad#12735 backed that inference
 * out), and a kill for memory may have hit a child while the server lived on and ended well (moby/moby#38352). The server is the command
 * under the supervisor: it was killed for memory when it ended by SIGKILL, nobody asked it to end, and there was a kill for memory.
 */
export function judgeEnd(ending: Ending): JudgedEnd {
  const nobody = (reason: ServerExit['reason']): ServerExit => ({ code: null, signal: null, reason });
  const child = ending.killedForMemory ? 'child' : null;
  if (ending.engineLost) return { exit: nobody('engine-lost'), outOfMemory: child };
  if (ending.removed) return { exit: nobody('removed'), outOfMemory: child };
  if (ending.code === null) return { exit: nobody('own'), outOfMemory: child };
  const exit = exitFromCode(ending.code);
  if (!ending.killedForMemory || ending.outlived || exit.signal !== 'SIGKILL') return { exit, outOfMemory: child };
  return { exit: { ...exit, reason: 'out-of-memory' }, outOfMemory: 'target' };
}
