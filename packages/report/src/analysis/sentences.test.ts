import type { Claim } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import { analyse } from './analyse.ts';
import { altered, fate, go, node, processes, specimenComparison, specimenRun, threads } from './specimen/index.ts';

const claims: Claim[] = [
  {
    rule: 'ceiling',
    id: 'parked',
    sentence: 'Waiting requests are parked.',
    comparison: 'timer',
    targets: [node, go],
    ceiling: 'connections',
    tolerance: 0.1,
  },
];
const comparisons = [
  specimenComparison('timer', 'io', 1),
  specimenComparison('spin-one', 'cpu', 1),
  specimenComparison('spin-all', 'cpu', 2),
];
const quick = { targets: [node, threads, processes, go], comparisons, claims };

describe('what to read first', () => {
  test('puts claims first, then differences from the largest, then dead heats', () => {
    const { sentences, comparisons: analysed } = analyse(specimenRun(quick));
    expect(sentences[0]).toMatch(/^Holds: Waiting requests are parked\. Ceiling /);
    const verdicts = analysed.flatMap((comparison) => comparison.verdicts);
    const shown = sentences.flatMap((sentence) => verdicts.find((verdict) => verdict.sentence === sentence) ?? []);
    const words = shown.map(({ verdict }) => verdict);
    expect(words).toEqual(words.toSorted((one, other) => (one === other ? 0 : one === 'different' ? -1 : 1)));
    const sizes = shown
      .filter(({ verdict }) => verdict === 'different')
      .map(({ ratio }) => Math.abs(Math.log(ratio ?? 1)));
    expect(sizes).toEqual(sizes.toSorted((one, other) => other - one));
    expect(sizes.length).toBeGreaterThan(1);
    expect(words).toContain('practically-equivalent');
  });

  test('counts what it leaves to the table', () => {
    const { sentences } = analyse(specimenRun(quick));
    expect(sentences.map((text) => text.replaceAll('\u00a0', ' '))).toContainEqual(
      expect.stringMatching(/^\d+ further dead heats in the table of verdicts\.$/),
    );
  });

  test('leaves out response times of a closed loop, which repeat throughput, and keeps those of an open loop', () => {
    const closed = analyse(specimenRun(quick)).sentences.filter((text) => text.includes('response time'));
    expect(closed).toEqual([]);
    const { load } = specimenComparison('timer', 'io', 1);
    const arrivals = { loop: 'open', process: 'poisson', rate: 500, connections: 256 } as never;
    const open = specimenComparison('timer', 'io', 1, { load: { ...load, arrivals } });
    const { sentences, comparisons: analysed } = analyse(specimenRun({ comparisons: [open] }));
    expect(sentences.some((text) => text.includes('median response time'))).toBe(true);
    expect(analysed[0]?.description).toContain('open loop, Poisson arrivals at 500 per second');
  });

  test('says once for each gate how many pairs it refused, with one of them in full', () => {
    const run = specimenRun({ ...quick, replicates: 3, hostClass: 'shape-only', provisional: true });
    const refusals = analyse(run).sentences.filter((text) => text.startsWith('No verdict on'));
    expect(refusals).toHaveLength(1);
    expect(refusals[0]?.replaceAll('\u00a0', ' ')).toMatch(
      /^No verdict on \d+ pairs, because only shapes show on this host.* For example: .*no verdict on the .* of .* against node\/async-await: interval/,
    );
  });

  test('names a present target without an ok trial once for each comparison', () => {
    const run = altered(
      specimenRun(quick),
      ({ targetId, comparisonId }) => targetId === go && comparisonId === 'timer',
      (record) => [fate(record, 'failed', 'crashed')],
    );
    const sentences = analyse(run).sentences.map((text) => text.replaceAll('\u00a0', ' '));
    expect(sentences).toContain(
      'Waiting 50 ms, one core: no verdict on 4 pairs, because no trial of go/goroutines is ok: the server ended during the trial.',
    );
  });

  test('uses no word that the glossary forbids', () => {
    const forbidden = /latency|benchmark|winner|scenario/i;
    const { sentences, comparisons: analysed } = analyse(specimenRun(quick));
    for (const text of [
      ...sentences,
      ...analysed.flatMap(({ verdicts }) => verdicts.map(({ sentence }) => sentence)),
    ]) {
      expect(text).not.toMatch(forbidden);
    }
  });
});
