import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** TCP segments that were sent again since boot, of everybody in this network namespace: `RetransSegs` (kernel: networking/snmp_counter.rst). */
export async function retransmissions(): Promise<number | null> {
  return retransmissionsIn(await readFile('/proc/net/snmp', 'utf8').catch(() => ''));
}

/** The same in the text of `/proc/net/snmp`: a line of names and one of values for each protocol. */
export function retransmissionsIn(text: string): number | null {
  const [names = [], values = []] = text
    .split('\n')
    .filter((line) => line.startsWith('Tcp: '))
    .map((line) => line.split(' '));
  const value = values[names.indexOf('RetransSegs')];
  return value === undefined ? null : Number(value);
}

/**
 * Seconds that the threads of a process were ready and had no core since they began: the second field of `schedstat` (kernel:
 * scheduler/sched-stats.rst), nanoseconds. Null where the kernel does not tell, or there is no such process.
 */
export async function secondsWithoutCore(pid: number): Promise<number | null> {
  const folder = `/proc/${pid}/task`;
  const threads = await readdir(folder).catch(() => []);
  const texts = await Promise.all(
    threads.map(async (thread) => await readFile(join(folder, thread, 'schedstat'), 'utf8').catch(() => '')),
  );
  const waits = texts.filter((text) => text !== '').map((text) => Number(text.split(' ')[1]) / 1e9);
  return waits.length === 0 ? null : waits.reduce((sum, wait) => sum + wait, 0);
}
