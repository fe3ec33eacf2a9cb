import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Parent of a process, from the fourth field of `stat` (proc_pid_stat(5)); the name in parentheses may hold anything. */
function parentOf(stat: string): number | null {
  const field = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  return field === undefined ? null : Number(field);
}

/** Process ids of all descendants of a process, itself not among them, in ascending order. */
export async function descendants(root: number, proc = '/proc'): Promise<number[]> {
  const children = new Map<number, number[]>();
  const entries = (await readdir(proc)).filter((name) => /^\d+$/.test(name));
  await Promise.all(
    entries.map(async (name) => {
      const stat = await readFile(join(proc, name, 'stat'), 'latin1').catch(() => null);
      const parent = stat === null ? null : parentOf(stat);
      if (parent === null) return;
      const siblings = children.get(parent);
      if (siblings === undefined) children.set(parent, [Number(name)]);
      else siblings.push(Number(name));
    }),
  );
  const found: number[] = [];
  const open = [root];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    const below = children.get(pid) ?? [];
    found.push(...below);
    open.push(...below);
  }
  return found.sort((a, b) => a - b);
}
