import { readFile } from 'node:fs/promises';

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
