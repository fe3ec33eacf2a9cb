import type { PlannedTarget } from '@photofinish/schema';

/** The two appearances of a page. */
export type Theme = 'light' | 'dark';

/** A colour of the Okabe-Ito palette, by name. */
export type ColourName = PlannedTarget['colour'];

/**
 * The palette of Okabe and Ito ("Color Universal Design", 2008), which stays apart under the common colour-vision deficiencies. Some hues are
 * darkened on light and lightened on dark grounds, so that each has a contrast of 3:1 or more (WCAG 2.2, 1.4.11) on page and surface.
 */
export const runtimeColours: Record<ColourName, Record<Theme, string>> = {
  orange: { light: '#b87400', dark: '#e69f00' },
  'sky-blue': { light: '#2a8cc4', dark: '#7cc8f2' },
  'bluish-green': { light: '#008060', dark: '#1fb58a' },
  yellow: { light: '#867a00', dark: '#f0e442' },
  blue: { light: '#0060a8', dark: '#4c97d8' },
  vermillion: { light: '#c44d00', dark: '#f07a2b' },
  'reddish-purple': { light: '#b0528a', dark: '#de93bd' },
  black: { light: '#1b1f24', dark: '#e8eaed' },
};

/** Grounds, text and lines of both themes. */
export const surfaceColours = {
  page: { light: '#faf9f6', dark: '#111418' },
  surface: { light: '#ffffff', dark: '#191d23' },
  ink: { light: '#1b1f24', dark: '#e8eaed' },
  muted: { light: '#565e68', dark: '#a6aeb8' },
  line: { light: '#d9d7d0', dark: '#343a43' },
  reference: { light: '#737a83', dark: '#8b939d' },
  accent: { light: '#0b5a9e', dark: '#84c2ff' },
  good: { light: '#0b5a9e', dark: '#84c2ff' },
  bad: { light: '#a13a00', dark: '#ffa071' },
  warn: { light: '#7a5600', dark: '#e8c268' },
} as const satisfies Record<string, Record<Theme, string>>;

const declarations = (theme: Theme): string =>
  [
    ...Object.entries(surfaceColours).map(([name, pair]) => `--${name}:${pair[theme]}`),
    ...Object.entries(runtimeColours).map(([name, pair]) => `--runtime-${name}:${pair[theme]}`),
  ].join(';');

/** Style sheet of custom properties: charts read the same properties, so that page and canvas cannot disagree. Paper is always light. */
export function colourStyle(): string {
  const classes = Object.keys(runtimeColours).map((name) => `.colour-${name}{color:var(--runtime-${name})}`);
  return [
    `:root{color-scheme:light dark;${declarations('light')}}`,
    `@media screen and (prefers-color-scheme:dark){:root{${declarations('dark')}}}`,
    ...classes,
  ].join('\n');
}
