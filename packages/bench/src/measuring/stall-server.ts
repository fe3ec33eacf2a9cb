import { setTimeout as pause } from 'node:timers/promises';
import { startCalibrationServer } from '@photofinish/loadgen';
import type { Load, Way } from '../peers/peer.ts';
import type { Repetition } from '../records/record.ts';
import { retransmissions, secondsWithoutCore } from './kernel.ts';
import { type Place, use } from './use.ts';

/** The server: after each calm it answers nothing for a while. Seconds. */
export const stall = { length: 1, period: 10 } as const;

/** Where in a calm a load begins, seconds after the calm did: midway, so that no request of its edges meets a stall. */
const edge = (stall.period - stall.length) / 2;

/**
 * One load of whole periods against a stall server of its own, which is why several may go on at once; its edges are midway between stalls.
 */
export async function repetitionOnStallServer(
  way: Way,
  load: Omit<Load, 'url'>,
  serverCore: number,
  place: Place,
  signal: AbortSignal,
): Promise<Repetition> {
  const options = ['--stall-ms', String(stall.length * 1000), '--period-ms', String(stall.period * 1000)];
  await using server = await startCalibrationServer(place.core, ['stall', ...options, '--cores', String(serverCore)]);
  await pause(edge * 1000, undefined, { signal }).catch(() => signal.throwIfAborted());
  const at = { ...load, url: `http://127.0.0.1:${server.port}/` };
  const before = await retransmissions();
  const waitedBefore = await secondsWithoutCore(server.pid);
  const { cpuSeconds: _, ...reading } = await use(way, at, place, signal);
  const { lag } = await server.account();
  const after = await retransmissions();
  const waited = await secondsWithoutCore(server.pid);
  const serverWaited = waited === null || waitedBefore === null ? null : waited - waitedBefore;
  const sentAgain = before === null || after === null ? null : after - before;
  return { ...reading, failedGates: [...reading.failedGates], serverLate: lag.maximumSeconds, serverWaited, sentAgain };
}
