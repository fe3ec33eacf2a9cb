import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
let house = '';

/** A tiny house of the same shape, in which one import is made. */
function judge(from: string, to: string): string {
  const file = join(house, 'packages', from, 'src', 'visitor.ts');
  writeFileSync(file, `import { thing } from '../../${to}';\nexport const seen = thing;\n`);
  try {
    execFileSync(
      join(root, 'node_modules/.bin/depcruise'),
      ['packages', '--config', '.dependency-cruiser.cjs', '--output-type', 'err'],
      { cwd: house, encoding: 'utf8', stdio: 'pipe' },
    );
    return 'allowed';
  } catch (error) {
    return String((error as { stdout: string }).stdout);
  } finally {
    rmSync(file);
  }
}

beforeAll(() => {
  mkdirSync(join(import.meta.dirname, '../.test'), { recursive: true });
  house = mkdtempSync(join(import.meta.dirname, '../.test/house-'));
  cpSync(join(root, '.dependency-cruiser.cjs'), join(house, '.dependency-cruiser.cjs'));
  for (const name of ['schema', 'stats', 'store', 'runner', 'report', 'cli', 'engines']) {
    mkdirSync(join(house, 'packages', name, 'src', 'inner'), { recursive: true });
    writeFileSync(join(house, 'packages', name, 'src', 'index.ts'), 'export const thing = 1;\n');
    writeFileSync(join(house, 'packages', name, 'src', 'inner', 'detail.ts'), 'export const thing = 1;\n');
  }
});
afterAll(() => rmSync(house, { recursive: true, force: true }));

describe('the import rule', () => {
  test.each([
    ['runner', 'engines/src/index.ts'],
    ['report', 'store/src/index.ts'],
    ['stats', 'schema/src/index.ts'],
  ])('allows %s to import %s', (from, to) => {
    expect(judge(from, to)).toBe('allowed');
  });

  test.each([
    ['schema', 'stats/src/index.ts', 'schema-points-down'],
    ['stats', 'store/src/index.ts', 'stats-points-down'],
    ['report', 'runner/src/index.ts', 'report-points-down'],
    ['runner', 'report/src/index.ts', 'runner-points-down'],
    ['engines', 'cli/src/index.ts', 'engines-points-down'],
    ['runner', 'store/src/inner/detail.ts', 'through-the-door-of-store'],
  ])('bites when %s imports %s', (from, to, rule) => {
    expect(judge(from, to)).toContain(rule);
  });
});
