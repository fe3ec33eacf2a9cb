import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ResultsError } from '@photofinish/schema';
import { BenchRecord } from './record.ts';

/** Keeps a record in the folder, in the place of an older one of the same part, way, rate and burst. */
export async function keep(folder: string, record: BenchRecord): Promise<void> {
  await mkdir(folder, { recursive: true });
  const rate = record.rate === null ? '' : `.${record.rate}`;
  const burst = record.burst === 1 ? '' : `.burst-${record.burst}`;
  const path = join(folder, `${record.part}.${record.way}${rate}${burst}.json`);
  await writeFile(`${path}.new`, `${JSON.stringify(BenchRecord.parse(record), null, 1)}\n`);
  await rename(`${path}.new`, path);
}

/** The records in the folder; none when there is no such folder. Throws `ResultsError` `E_BENCH_RECORD` for one that is damaged. */
export async function kept(folder: string): Promise<BenchRecord[]> {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  return await Promise.all(names.map(async (name) => await read(join(folder, name))));
}

async function read(path: string): Promise<BenchRecord> {
  try {
    return BenchRecord.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new ResultsError('E_BENCH_RECORD', {
      what: 'A kept figure of the comparison cannot be read.',
      where: path,
      remedy: 'Remove the file and measure that part again.',
      cause,
    });
  }
}
