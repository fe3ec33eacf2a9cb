import { describe, expect, it } from 'vitest';
import { hostileTexts, wholeSpecimen } from '../specimens/specimen.ts';
import { sweepSpecimen } from '../specimens/sweep.ts';
import { pairGroups, scalingChart } from './scaling.ts';
import { type SweepFigure, sweepFigures } from './sweep.ts';
import { sweepPicture } from './sweep-picture.ts';

const { analysis, plan } = sweepSpecimen();
const [figure, ...others] = sweepFigures(analysis) as [SweepFigure, ...SweepFigure[]];
const { plot } = figure;
const panelOf = (targetId: string) =>
  plot.panels.find((panel) => panel.targetId === targetId) ?? expect.unreachable(targetId);

describe('the picture of a sweep', () => {
  it('is one for a workload, and takes the place of those of two levels', () => {
    expect(others).toEqual([]);
    expect(scalingChart.figures(analysis, plan)).toEqual([]);
    expect(pairGroups(analysis)).toEqual([]);
    expect(sweepFigures(wholeSpecimen().analysis)).toEqual([]);
  });

  it('has a panel for every target, highest speedup first, with its marks or why there are none', () => {
    expect(plot.panels.map(({ targetId }) => targetId).sort()).toEqual(
      analysis.targets.map(({ targetId }) => targetId).sort(),
    );
    const last = plot.panels.map(({ marks }) => marks.at(-1)?.value ?? -1);
    expect(last).toEqual(last.toSorted((a, b) => b - a));
    expect(panelOf('python/asyncio')).toMatchObject({ marks: [], absence: 'not run: the target could not be built' });
    expect(panelOf('go/goroutines').marks.map(({ cores }) => cores)).toEqual([1, 2, 4, 8]);
  });

  it('draws the law through the levels, and none where it was refused', () => {
    const { curve } = panelOf('node/cluster');
    const sweep = analysis.sweeps.find(({ targetId }) => targetId === 'node/cluster');
    for (const { cores, fitted } of sweep?.levels ?? []) {
      expect(curve.find((point) => point.cores === cores)?.speedup).toBeCloseTo(fitted ?? 0, 3);
    }
    expect(panelOf('java/platform-pool').curve).toEqual([]);
  });

  it('shows what the host can on every level, and holds all inside its axes', () => {
    expect(plot.capacities.map(({ cores }) => cores)).toEqual([2, 4, 8]);
    expect(plot.ideal).toEqual([
      { cores: 1, speedup: 1 },
      { cores: 8, speedup: 8 },
    ]);
    for (const { marks } of plot.panels) {
      for (const { value, interval } of marks) {
        expect(interval?.lower ?? value).toBeGreaterThanOrEqual(plot.minimum);
        expect(interval?.upper ?? value).toBeLessThanOrEqual(plot.maximum);
      }
    }
  });

  it('names every mark in words, and escapes what it is given', () => {
    const markup = sweepPicture(plot).text;
    for (const { marks } of plot.panels) for (const { reading } of marks) expect(markup).toContain(reading);
    expect(markup).not.toContain('style=');
    for (const text of hostileTexts) {
      const panels = plot.panels.map((panel) => ({ ...panel, targetId: text, marks: [], curve: [], absence: text }));
      const hostile = sweepPicture({ ...plot, panels }).text;
      expect(hostile).not.toContain('<script');
      expect(hostile).not.toContain('<img');
    }
  });

  it('places everything inside its width', () => {
    for (const [, place] of sweepPicture(plot).text.matchAll(/ (?:x|x1|x2|cx)="([\d.-]+)%"/g)) {
      expect(Number(place)).toBeGreaterThanOrEqual(0);
      expect(Number(place)).toBeLessThanOrEqual(100);
    }
  });
});
