import { describe, expect, it } from 'vitest';
import { hostileTexts, wholeSpecimen } from '../specimens/specimen.ts';
import type { DotPlot } from './chart.ts';
import { markerName, markerOf } from './marker.ts';
import { picture } from './picture.ts';
import { ratioDomain, ratioPicture } from './ratio-picture.ts';
import { throughputChart } from './throughput.ts';

const { analysis, plan } = wholeSpecimen();
const [figure] = throughputChart.figures(analysis, plan);
const plot = figure?.plot as DotPlot;

const places = (markup: string): number[] =>
  [...markup.matchAll(/ (?:x|x1|x2|cx)="([\d.]+)%"/g)].map(([, place]) => Number(place));

describe('the static picture', () => {
  const markup = picture(plot, 'Throughput').text;

  it('names every target, and says of an absent one why it is', () => {
    for (const { targetId } of analysis.targets) expect(markup).toContain(`>${targetId}`);
    expect(markup).toContain('node/async-await (baseline)');
    expect(markup).toContain('not run: the target could not be built');
  });

  it('places everything inside its width', () => {
    for (const place of places(markup)) {
      expect(place).toBeGreaterThanOrEqual(0);
      expect(place).toBeLessThanOrEqual(100);
    }
  });

  it('has no style attribute, which the policy of the page would refuse', () => {
    expect(markup).not.toContain('style=');
  });

  it('escapes labels', () => {
    for (const text of hostileTexts) {
      const rows = plot.rows.map((row) => ({ ...row, mark: null, absence: text }));
      const hostile = picture({ ...plot, rows, references: [{ from: 1, to: 1, label: text, lane: 0 }] }, text).text;
      expect(hostile).not.toContain('<script');
      expect(hostile).not.toContain('<img');
    }
  });
});

describe('the ratio picture', () => {
  const verdicts = analysis.comparisons.flatMap((comparison) => comparison.verdicts);

  it('lies inside its cell for every verdict', () => {
    const domain = ratioDomain(verdicts);
    for (const verdict of verdicts) {
      for (const place of places(ratioPicture(verdict, domain).text)) {
        expect(place).toBeGreaterThanOrEqual(0);
        expect(place).toBeLessThanOrEqual(100);
      }
    }
  });

  it('shows 1 and the margin even when every interval is far away', () => {
    const far = verdicts.filter(({ ratio }) => ratio !== null && ratio > 5);
    expect(far.length).toBeGreaterThan(0);
    expect(ratioDomain(far).lower).toBeLessThan(1 / 1.05);
  });

  it('is not drawn without a ratio', () => {
    const [without] = verdicts.filter(({ ratio }) => ratio === null);
    expect(without === undefined ? 'missing' : ratioPicture(without, { lower: 0.5, upper: 2 }).text).toBe('');
  });
});

describe('markers', () => {
  it('tell eight models of one runtime apart', () => {
    const names = Array.from({ length: 8 }, (_unused, index) => markerName(markerOf(index)));
    expect(new Set(names).size).toBe(8);
  });
});
