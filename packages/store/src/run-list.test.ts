import { expect, test } from 'vitest';
import { createRun } from './create-run.ts';
import { MemoryFileSystem } from './mock/memory-file-system.ts';
import { sampleEnvironment, samplePlan } from './mock/sample-run.ts';
import { performRest, sampleOptions, sampleRoot } from './mock/sample-store.ts';
import { findRun, latestRun, listRuns } from './run-list.ts';

const ids = ['20260131T120000Z-0a1b2c', '20260201T090000Z-ffffff', '20260301T090000Z-000000'];
const [first = '', second = '', third = ''] = ids;

/** One sealed run, one partial one, and one whose creation was cut off. */
async function threeRuns(): Promise<MemoryFileSystem> {
  const disk = new MemoryFileSystem([sampleRoot]);
  const plan = samplePlan(1);
  const begin = (runId: string) => createRun(sampleRoot, plan, sampleEnvironment(runId), sampleOptions(disk));
  await performRest(await begin(first), plan);
  await (await begin(second)).close();
  await disk.makeFolder(`${sampleRoot}/quick/${third}`);
  return disk;
}

test('runs are listed oldest first, with what became of each', async () => {
  const disk = await threeRuns();
  for (const stray of ['quick/notes', 'quick/20260101', 'Not-An-Experiment', 'other'])
    await disk.makeFolder(`${sampleRoot}/${stray}`);
  await (await disk.openNew(`${sampleRoot}/README.md`)).close();
  await (await disk.openNew(`${sampleRoot}/other/${first}`)).close();
  expect((await listRuns(sampleRoot, disk)).map(({ runId, state }) => `${runId} ${state}`)).toEqual([
    `${first} sealed`,
    `${second} partial`,
    `${third} never-begun`,
  ]);
});

test('a folder that does not exist holds no runs', async () => {
  expect(await listRuns('nowhere', new MemoryFileSystem())).toEqual([]);
});

test('the latest run is the newest that has begun', async () => {
  const disk = await threeRuns();
  expect(await latestRun(sampleRoot, undefined, disk)).toMatchObject({ runId: second, experimentId: 'quick' });
  expect(await latestRun(sampleRoot, 'quick', disk)).toMatchObject({ runId: second });
  expect(await latestRun(sampleRoot, 'parked', disk)).toBeNull();
});

test('a run is found by its id and by its path', async () => {
  const disk = await threeRuns();
  const folder = `${sampleRoot}/quick/${first}`;
  expect(await findRun(sampleRoot, first, disk)).toBe(folder);
  expect(await findRun(sampleRoot, folder, disk)).toBe(folder);
});

test.each([
  ['a mistyped id', '20260131T120000Z-0a1b2d', first],
  ['an id cut short', '202602', second],
  ['a path that is none', 'results/quick/20260131', first],
  ['a path out of the folder', '../../etc', third],
])('%s is told with the nearest id first', async (_, given, nearest) => {
  const failed = findRun(sampleRoot, given, await threeRuns());
  await expect(failed).rejects.toMatchObject({ code: 'E_NO_SUCH_RUN', kind: 'usage', given });
  await expect(failed).rejects.toMatchObject({ allowed: expect.stringMatching(`^${nearest}`) });
});

test('where there are no runs the remedy is to measure first', async () => {
  const failed = findRun(sampleRoot, first, new MemoryFileSystem([sampleRoot]));
  await expect(failed).rejects.toMatchObject({
    allowed: undefined,
    remedy: expect.stringContaining('photofinish quick'),
  });
});
