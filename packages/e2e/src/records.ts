import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrialRecord } from '@photofinish/schema';

/** Every record of a run folder, attempt by attempt. */
export function recordsOf(run: string): TrialRecord[] {
  const folder = join(run, 'trials');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /attempt-\d+\.json$/.test(name))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as TrialRecord);
}
