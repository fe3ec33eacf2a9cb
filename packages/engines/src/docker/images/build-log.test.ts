import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BuildLog } from './build-log.ts';

/** What buildx 0.13 printed of a build whose stage `two` failed while stage `one` was under way. */
const failedBuild = readFileSync(join(import.meta.dirname, 'fixtures', 'failed-build.txt'), 'utf8').split('\n');

function logOf(lines: readonly string[]): { log: BuildLog; began: string[] } {
  const log = new BuildLog();
  return { log, began: lines.map((line) => log.take(line)).filter((title) => title !== null) };
}

test('each step of a Dockerfile is told once, as it begins, without mounts and without what the builder does for itself', () => {
  expect(logOf(failedBuild).began.sort()).toEqual([
    '[one 2/2] RUN echo fine && sleep 0.4 && echo still fine 1',
    '[two 1/2] FROM docker.io/library/debian:trixie-slim',
    '[two 2/2] RUN echo first && sleep 0.2 && echo "the thing is broken" >&2 && exit 7',
  ]);
});

test('of a failed build the step that failed of its own is named, with what it printed and how it ended', () => {
  const { step, lines } = logOf(failedBuild).log.failed();
  expect(step).toBe('[two 2/2] RUN echo first && sleep 0.2 && echo "the thing is broken" >&2 && exit 7');
  expect(lines.slice(0, 2)).toEqual(['first', 'the thing is broken']);
  expect(lines.at(-1)).toContain('exit code: 7');
});

test('a step that was ended because another failed is not taken for the one that failed', () => {
  const lines = ['#1 [a 1/1] RUN one', '#2 [b 1/1] RUN two', '#1 ERROR: context canceled', '#2 ERROR: exit code: 3'];
  expect(logOf(lines).log.failed()).toEqual({ step: '[b 1/1] RUN two', lines: ['exit code: 3'] });
});

test('a builder that reaches no engine is shown as it is', () => {
  const words = 'ERROR: Cannot connect to the Docker daemon at unix:///nonexistent. Is the docker daemon running?';
  expect(logOf([words]).log.failed()).toEqual({ step: null, lines: [words] });
});

test('of a build that was ended the step under way is named, though others began before it and ended', () => {
  const lines = ['#1 [a 1/2] FROM x', '#1 CACHED', '#2 [a 2/2] RUN wait', '#2 0.123 still here', '#2 CANCELED'];
  expect(logOf(lines).log.unfinished()).toEqual({ step: '[a 2/2] RUN wait', lines: ['still here'] });
});

test('only the last lines of a step are kept', () => {
  const lines = Array.from({ length: 100 }, (_, index) => `#1 0.${index} line ${index}`);
  const { log } = logOf(['#1 [a 1/1] RUN talk', ...lines, '#1 ERROR: exit code: 1']);
  expect(log.failed().lines).toHaveLength(31);
  expect(log.failed().lines[0]).toBe('line 70');
});
