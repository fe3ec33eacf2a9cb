import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import { colourStyle } from '../colour/palette.ts';

const sheets = ['page.css', 'table.css', 'figure.css'] as const;

let minified: string | undefined;

/** The style sheet of a page: colours from the palette, then the sheets in `style/`, minified. Made once a process. */
export function pageStyle(): string {
  minified ??= minify();
  return minified;
}

function minify(): string {
  const parts = sheets.map((name) => readFileSync(new URL(`./style/${name}`, import.meta.url), 'utf8'));
  return transformSync([colourStyle(), ...parts].join('\n'), {
    loader: 'css',
    minify: true,
    charset: 'ascii',
  }).code.trimEnd();
}
