import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestModule } from 'vitest/node';

interface Told {
  readonly name: string;
  readonly reason: string;
}

/** What went wrong, without the colours of a terminal. */
function wordsOf(errors: readonly { readonly message?: string }[]): string {
  return errors.map(({ message = 'no message' }) => stripVTControlCharacters(message)).join('\n');
}

/** Writes what `npm test` adds up: counts, and each test that was skipped or failed with its reason. */
export class SummaryReporter implements Reporter {
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const summary = { passed: 0, failed: 0, skipped: [] as Told[], failures: [] as Told[] };
    const fail = (name: string, told: readonly { readonly message?: string }[]) => {
      summary.failed += 1;
      summary.failures.push({ name, reason: wordsOf(told) });
    };
    for (const error of errors) fail('outside any test', [error as { message?: string }]);
    for (const module of modules) {
      if (module.errors().length > 0) fail(module.relativeModuleId, module.errors());
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') summary.passed += 1;
        else if (result.state === 'skipped')
          summary.skipped.push({ name: test.fullName, reason: result.note ?? 'no reason given' });
        else fail(`${module.relativeModuleId}: ${test.fullName}`, result.errors ?? []);
      }
    }
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(this.file, `${JSON.stringify(summary, null, 2)}\n`);
  }
}
