// Does the speed meter see what it is for? A loop in Python, Node or Go pinned to core 1, all canaries on the same core, window by window: how
// the mean burst of a window goes together with the processor time of the loop in it. And what the meter costs a saturated server.
//
//   pnpm bench:meter --loop python --windows 60              one loop, the host as it is
//   pnpm bench:meter --loop python --windows 60 --contention beside made neighbours (contention/main.go says which)
//   pnpm bench:meter --cost 12                               throughput with and without the meter
//   pnpm bench:meter                                         the tables of everything kept so far
//   pnpm bench:meter --write                                 puts them into docs/instrument.md
//
// What is measured is kept in --keep FILE and replaces what was measured of the same kind. Needs two cores, taskset, python3, go, and the native
// core built: npx turbo run build --filter=@photofinish/loadgen
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { findNativeCore } from '@photofinish/loadgen';
import { execa } from 'execa';
import { withTables } from '../document/document.ts';
import { thisHost } from '../records/host.ts';
import { measureCost } from './cost.ts';
import { type Kept, section } from './section.ts';
import { type Loop, measureSeries } from './series.ts';

const root = join(import.meta.dirname, '../../../..');
const { values } = parseArgs({
  options: {
    loop: { type: 'string' },
    windows: { type: 'string', default: '60' },
    contention: { type: 'boolean', default: false },
    cost: { type: 'string' },
    keep: { type: 'string', default: join(root, '.photofinish/speed-meter/bench.json') },
    write: { type: 'boolean', default: false },
  },
});

const loopsIn = (folder: string): Loop[] => [
  { id: 'python', title: 'Python', command: ['python3', join(import.meta.dirname, 'loops/loop.py')], steps: 1_000_000 },
  {
    id: 'node',
    title: 'Node, JSON',
    command: [process.execPath, join(import.meta.dirname, 'loops/loop.js')],
    steps: 5000,
  },
  { id: 'go', title: 'Go, hashes', command: [join(folder, 'hash')], steps: 20_000 },
];

async function keptSoFar(): Promise<Kept> {
  try {
    return JSON.parse(await readFile(values.keep, 'utf8'));
  } catch {
    const { model, cores, kernel } = thisHost();
    const host = `${model}, ${cores} cores, ${kernel}`;
    return { host, takenAt: new Date().toISOString().slice(0, 10), series: [], cost: [] };
  }
}

async function nativeCore() {
  const found = await findNativeCore({
    override: undefined,
    packageFolder: join(root, 'packages/loadgen'),
    built: true,
  });
  if (found === null) throw new Error('build the native core first: npx turbo run build --filter=@photofinish/loadgen');
  return found;
}

async function seriesOf(id: string, folder: string) {
  const loop = loopsIn(folder).find((one) => one.id === id);
  if (loop === undefined) throw new Error(`--loop ${id}: python, node or go`);
  const programs = [
    ['loops/hash/main.go', 'hash'],
    ['contention/main.go', 'contention'],
  ];
  for (const [source = '', program = ''] of programs)
    await execa('go', ['build', '-o', join(folder, program), join(import.meta.dirname, source)]);
  return await measureSeries(loop, {
    core: await nativeCore(),
    windows: Number(values.windows),
    contention: values.contention,
    folder,
  });
}

const folder = await mkdtemp(join(tmpdir(), 'photofinish-meter-'));
try {
  let kept = await keptSoFar();
  if (values.loop !== undefined) {
    const measured = await seriesOf(values.loop, folder);
    const others = kept.series.filter(
      ({ loop, contention }) => loop !== measured.loop || contention !== measured.contention,
    );
    kept = { ...kept, series: [...others, measured] };
  }
  if (values.cost !== undefined) kept = { ...kept, cost: await measureCost(await nativeCore(), Number(values.cost)) };
  await mkdir(dirname(values.keep), { recursive: true });
  await writeFile(values.keep, JSON.stringify(kept));
  const text = section(kept, new Map(loopsIn(folder).map(({ id, title }) => [id, title])));
  process.stdout.write(text);
  if (values.write) {
    const path = join(root, 'docs', 'instrument.md');
    await writeFile(path, withTables(await readFile(path, 'utf8'), text.trimEnd(), 'bench:meter'));
  }
} finally {
  await rm(folder, { recursive: true });
}
