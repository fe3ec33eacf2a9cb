import { describe, expect, it } from 'vitest';
import { contrast } from './contrast.ts';
import { runtimeColours, surfaceColours, type Theme } from './palette.ts';

const themes: readonly Theme[] = ['light', 'dark'];
const grounds = ['page', 'surface'] as const;

describe('contrast', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#777777', '#ffffff', 4.48],
    ['#0000ff', '#ffffff', 8.59],
  ])('of %s on %s is %d, as the WCAG definition gives', (first, second, expected) => {
    expect(contrast(first, second)).toBeCloseTo(expected, 2);
    expect(contrast(second, first)).toBeCloseTo(expected, 2);
  });

  it('refuses a colour it cannot read', () => {
    expect(() => contrast('red', '#ffffff')).toThrow(RangeError);
  });
});

describe('the palette', () => {
  for (const theme of themes) {
    for (const ground of grounds) {
      it.each(Object.entries(runtimeColours))(`shows %s with 3:1 or more on the ${theme} ${ground}`, (_name, pair) => {
        expect(contrast(pair[theme], surfaceColours[ground][theme])).toBeGreaterThanOrEqual(3);
      });

      it.each(['ink', 'muted', 'accent', 'good', 'bad', 'warn'] as const)(
        `writes %s text with 4.5:1 or more on the ${theme} ${ground}`,
        (name) => {
          expect(contrast(surfaceColours[name][theme], surfaceColours[ground][theme])).toBeGreaterThanOrEqual(4.5);
        },
      );

      it(`draws reference lines with 3:1 or more on the ${theme} ${ground}`, () => {
        expect(contrast(surfaceColours.reference[theme], surfaceColours[ground][theme])).toBeGreaterThanOrEqual(3);
      });
    }
  }
});
