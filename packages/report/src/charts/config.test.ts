import { describe, expect, it } from 'vitest';
import { oneCoreSpecimen, wholeSpecimen } from '../specimens/specimen.ts';
import type { Figure } from './chart.ts';
import { chartConfig } from './config.ts';
import { charts } from './registry.ts';

const { analysis, plan } = wholeSpecimen();
const figures = charts.flatMap((chart) => chart.figures(analysis, plan));

const figure = (id: string): Figure => {
  const found = figures.find((each) => each.id === id);
  if (found === undefined)
    throw new RangeError(`no figure ${id}; there are ${figures.map((each) => each.id).join(', ')}`);
  return found;
};

describe('a chart', () => {
  it.each([
    ['throughput-timer-wait', 'linear, with the ceilings of the wait and a target that is absent'],
    ['throughput-spin-one-core', 'logarithmic over a factor of 65'],
    ['response-time-timer-wait', 'median and p99'],
    ['cpu-cost-spin-all-cores', 'a target with failed trials'],
    ['memory-timer-wait', 'memory'],
    ['scaling-spin-one-core-spin-all-cores', 'speedup with the ideal and what the host showed'],
  ])('has exactly the golden configuration: %s (%s)', async (id) => {
    const text = `${JSON.stringify(chartConfig(figure(id).plot), null, 1)}\n`;
    await expect(text).toMatchFileSnapshot(`./fixtures/${id}.json`);
  });

  it('is plain data: what a page embeds is what it draws', () => {
    for (const each of figures) {
      const config = chartConfig(each.plot);
      expect(JSON.parse(JSON.stringify(config))).toEqual(config);
    }
  });

  it('is made for every comparison and every metric shown, and for scaling', () => {
    expect(figures).toHaveLength(4 * analysis.comparisons.length + 1);
    expect(new Set(figures.map(({ id }) => id)).size).toBe(figures.length);
  });

  it('has a row for every target, with a mark or the reason why there is none', () => {
    for (const { plot } of figures) {
      expect(plot.rows.map(({ targetId }) => targetId).sort()).toEqual(
        analysis.targets.map(({ targetId }) => targetId).sort(),
      );
      for (const row of plot.rows) expect(row.mark === null).toBe(row.absence !== '');
    }
  });

  it('keeps one order of targets in all pictures of a comparison, highest throughput first', () => {
    for (const { id } of analysis.comparisons) {
      const orders = figures
        .filter(({ comparisonId }) => comparisonId === id)
        .map(({ plot }) => plot.rows.map(({ targetId }) => targetId));
      expect(new Set(orders.map((order) => order.join())).size).toBe(1);
    }
    const rates = figure('throughput-spin-one-core').plot.rows.map(({ mark }) => mark?.value ?? 0);
    expect(rates).toEqual(rates.toSorted((a, b) => b - a));
  });

  it('takes its caption from a verdict, word by word', () => {
    for (const each of figures.filter(({ chart }) => chart !== 'scaling')) {
      const comparison = analysis.comparisons.find(({ id }) => id === each.comparisonId);
      expect(comparison?.verdicts.map(({ sentence }) => sentence)).toContain(each.caption);
    }
  });

  it('holds every interval and every trial inside its axis', () => {
    for (const { plot } of figures) {
      for (const { mark, tail, points } of plot.rows) {
        const ends = [mark, tail].flatMap((each) =>
          each === null ? [] : [each.value, each.interval?.lower ?? each.value, each.interval?.upper ?? each.value],
        );
        for (const value of [...ends, ...points]) {
          expect(value).toBeGreaterThanOrEqual(plot.axis.minimum);
          expect(value).toBeLessThanOrEqual(plot.axis.maximum);
        }
      }
    }
  });

  it('draws the ceilings that Little’s law gives where every request waits', () => {
    const { references } = figure('throughput-timer-wait').plot;
    expect(references).toEqual([
      { from: 640, to: 640, label: 'threads / wait', lane: 0 },
      { from: 5120, to: 5120, label: 'connections / wait', lane: 0 },
    ]);
    expect(figure('throughput-spin-one-core').plot.references).toEqual([]);
  });

  it('puts labels that would meet on lines of their own', () => {
    const { references } = figure('scaling-spin-one-core-spin-all-cores').plot;
    expect(references.map(({ label, lane }) => [label, lane])).toEqual([
      ['no gain', 0],
      ['ideal', 0],
      ['this host', 1],
    ]);
  });

  it('is not made for scaling where a run has one number of cores', () => {
    const one = oneCoreSpecimen();
    const ids = charts.flatMap((chart) => chart.figures(one.analysis, one.plan)).map(({ chart }) => chart);
    expect(ids).not.toContain('scaling');
    expect(ids).toContain('throughput');
  });
});
