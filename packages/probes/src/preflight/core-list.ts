/** Parses the kernel's list format, `0-2,5` (cpuset(7), "List format"), into ascending numbers. */
export function parseCoreList(text: string): number[] {
  const cores = new Set<number>();
  for (const part of text.trim().split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (match === null) continue;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    for (let core = first; core <= last; core++) cores.add(core);
  }
  return [...cores].sort((a, b) => a - b);
}
