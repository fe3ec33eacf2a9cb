import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const entry = fileURLToPath(new URL('../browser/main.ts', import.meta.url));

let bundled: string | undefined;

/**
 * The script of a page: `browser/main.ts` with the parts of Chart.js and its plugins that it registers, as one classic script, since module
 * scripts do not load from `file:`. Bundled once a process, from installed packages only.
 */
export function pageScript(): string {
  bundled ??= bundle();
  return bundled;
}

function bundle(): string {
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'ascii',
    legalComments: 'inline',
    logLevel: 'silent',
  });
  const text = outputFiles[0]?.text ?? '';
  return text.trimEnd();
}
