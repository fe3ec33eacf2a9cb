import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatVersion } from '@photofinish/schema';
import { expect, test } from 'vitest';
import { journalPayloads } from './journal/entry.ts';
import { decodeLine } from './journal/line.ts';
import { replayJournal } from './journal/replay.ts';
import { runFiles } from './layout.ts';

const packages = join(import.meta.dirname, '..', '..');
const page = await readFile(join(packages, '..', 'docs', 'result-format.md'), 'utf8');

test('the journal printed in docs/result-format.md is sound', () => {
  const journal = /```ndjson\n(.*?)```/s.exec(page)?.[1] ?? '';
  const first = decodeLine(journal.split('\n')[0] ?? '');
  if (typeof first === 'string' || first.event !== 'run_started')
    throw new TypeError(`not a first line: ${String(first)}`);
  const { lines, torn, damage } = replayJournal(Buffer.from(journal), first.payload.plan);
  expect({ lines: lines.length, torn, damage }).toEqual({ lines: 3, torn: null, damage: null });
});

test.each(Object.keys(journalPayloads))('docs/result-format.md explains the event %s', (event) => {
  expect(page).toContain(`| \`${event}\` |`);
});

test.each(Object.values(runFiles))('docs/result-format.md explains the file %s', (file) => {
  expect(page).toMatch(new RegExp(`\`${file}[\`/]`));
});

test('docs/result-format.md has the version that is written, and every line of its history', async () => {
  const source = await readFile(join(packages, 'schema', 'src', 'format-version.ts'), 'utf8');
  const history = [...source.matchAll(/^ \* - (\d+\.\d+): (.*?)\.?$/gm)].map(
    ([, version, change]) => `| ${version} | ${change} |`,
  );
  expect(history.length).toBeGreaterThan(0);
  for (const row of history) expect(page).toContain(row);
  expect(page).toContain(`| ${formatVersion} |`);
});
