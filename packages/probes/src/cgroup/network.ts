import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes over the interfaces of one network namespace since it was made, its loopback left out. */
export interface NetworkBytes {
  readonly received: number;
  readonly sent: number;
}

/**
 * Network bytes of a process that has a network namespace of its own (proc_pid_net(5), file `dev`). Null where it shares this process's
 * namespace, which counts everybody's bytes, and where the kernel does not let us see which it has.
 */
export function networkBytes(pid: number, root = '/'): NetworkBytes | null {
  const namespaceOf = (who: string) => readlinkSync(join(root, 'proc', who, 'ns/net'));
  try {
    if (namespaceOf(String(pid)) === namespaceOf('self')) return null;
    return bytesOf(readFileSync(join(root, 'proc', String(pid), 'net/dev'), 'latin1'));
  } catch {
    return null;
  }
}

function bytesOf(dev: string): NetworkBytes {
  const rows = dev
    .split('\n')
    .map((line) => /^\s*([^\s:]+):\s*(.*)$/.exec(line))
    .filter((match) => match !== null)
    .filter(([, name]) => name !== 'lo')
    .map(([, , figures = '']) => figures.trim().split(/\s+/).map(Number));
  return {
    received: rows.reduce((sum, row) => sum + (row[0] ?? 0), 0),
    sent: rows.reduce((sum, row) => sum + (row[8] ?? 0), 0),
  };
}
