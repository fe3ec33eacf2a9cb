import { expect, test } from 'vitest';
import { altered, analysed, changed, quick, specimenRun } from '../../analysis/specimen/index.ts';
import { trialSection } from './trials.ts';

const group = {
  workingSetBytes: 48 * 1_048_576,
  peakBytes: null,
  kernelStackBytes: null,
  throttledSeconds: 0,
  throttledPeriods: 0,
  outOfMemoryKills: 0,
  cpuPressure: null,
  receivedBytes: null,
  sentBytes: null,
};

/** The section of a run whose first trials were measured through this account. */
function sectionWith(source: string): string {
  const run = altered(
    specimenRun(quick),
    ({ state, replicate }) => state === 'ok' && replicate === 1,
    (record) => [
      changed(record, {
        timeToReadySeconds: 0.25,
        resources: { ...(record.state === 'ok' ? record.resources : {}), source, group },
      }),
    ],
  );
  const { plan, environment } = run;
  const input = { analysis: analysed(run), plan, environment, generatedBy: { version: '0.1.0', command: '' } };
  return trialSection(input).text;
}

test.each([
  ['cgroup-v1', 'control group (version 1)'],
  ['cgroup-v2', 'control group (version 2)'],
  ['engine-stats', 'account of the engine'],
])('shows what %s tells of containers, and who told it', (source, words) => {
  const section = sectionWith(source);
  expect(section).toContain(words);
  expect(section).toMatch(/Working set, MiB/);
  expect(section).toMatch(/>48\.0</);
});

test('has no columns for containers where none was measured', () => {
  const run = specimenRun(quick);
  const { plan, environment } = run;
  const input = { analysis: analysed(run), plan, environment, generatedBy: { version: '0.1.0', command: '' } };
  const { text } = trialSection(input);
  expect(text).toContain('Resident peak');
  expect(text).not.toMatch(/Working set|Ready after/);
});
