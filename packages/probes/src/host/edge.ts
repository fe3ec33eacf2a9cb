import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CoreTimes, readCoreTimes } from '../procfs/steal.ts';
import { type CoreFrequencies, readFrequencies } from './frequency.ts';

/** State of the measured cores at one edge of a window; each part null where the kernel does not tell. */
export interface HostEdge {
  readonly times: ReadonlyMap<number, CoreTimes> | null;
  readonly frequencies: CoreFrequencies | null;
  /** Pages of the whole host moved to or from swap since boot (kernel: `pswpin` and `pswpout` of `/proc/vmstat`). */
  readonly swappedPages: number | null;
}

/** Reads the host around the given cores: a handful of small files, no loop and no waiting. `root` is `/` outside tests. */
export async function readHostEdge(cores: readonly number[], root = '/'): Promise<HostEdge> {
  const [times, frequencies, swappedPages] = await Promise.all([
    readCoreTimes(cores, join(root, 'proc')),
    readFrequencies(cores, root),
    readSwappedPages(root),
  ]);
  return { times, frequencies, swappedPages };
}

async function readSwappedPages(root: string): Promise<number | null> {
  const text = await readFile(join(root, 'proc/vmstat'), 'latin1').catch(() => '');
  const pages = ['pswpin', 'pswpout'].map((name) => new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  return pages.some((count) => count === undefined) ? null : pages.reduce((sum, count) => sum + Number(count), 0);
}
