import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';

/**
 * Ends the containerd of a killed daemon, which the next daemon would wait for in vain (engine 20.10). The shims, and with them the containers, live on.
 */
export async function endContainerd(folder: string): Promise<void> {
  const file = join(folder, 'exec/containerd/containerd.pid');
  const pid = Number(await readFile(file, 'utf8').catch(() => '0'));
  const command = () => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if ((await command()).includes(`${folder}/`)) kill(pid);
  while ((await command()).includes(`${folder}/`)) await delay(10);
  // One that is dead and not yet reaped passes for alive.
  await rm(file, { force: true });
}

/**
 * Ends what a killed daemon left behind: its containerd and shims, known by the daemon's own folder in their command lines, and what descends from
 * them, that is, its containers. Then unmounts what is mounted below the folder.
 */
export async function removeRemains(folder: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const processes = await allProcesses();
    const ours = new Set(processes.filter(({ command }) => command.includes(`${folder}/`)).map(({ pid }) => pid));
    ours.delete(process.pid);
    for (let before = -1; before !== ours.size; ) {
      before = ours.size;
      for (const { pid, parent } of processes) if (ours.has(parent)) ours.add(pid);
    }
    if (ours.size === 0) break;
    for (const pid of ours) kill(pid);
    await delay(50);
  }
  const mounts = (await readFile('/proc/self/mounts', 'utf8'))
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((point) => point.startsWith(`${folder}/`));
  for (const point of mounts.reverse()) await execa('umount', ['--lazy', point], { reject: false });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function allProcesses(): Promise<{ pid: number; parent: number; command: string }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = await Promise.all(
    pids.map(async (pid) => {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      return { pid: Number(pid), parent, command };
    }),
  );
  return read.filter(({ command }) => command !== '');
}
