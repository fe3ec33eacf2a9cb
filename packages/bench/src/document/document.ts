import { ResultsError } from '@photofinish/schema';

/** Whose tables a document holds. */
export type TableMaker = 'bench:instrument' | 'bench:meter';

const end = '<!-- end of the tables -->';

/** The document with the tables between its markers in the place of those that were there. Throws `ResultsError` `E_BENCH_DOCUMENT`. */
export function withTables(document: string, tables: string, maker: TableMaker = 'bench:instrument'): string {
  const begin = `<!-- tables of ${maker} -->`;
  const from = document.indexOf(begin);
  const to = document.indexOf(end, from);
  if (from < 0 || to < from)
    throw new ResultsError('E_BENCH_DOCUMENT', {
      what: 'The document has no place for the tables.',
      allowed: `${begin} before ${end}`,
      remedy: 'Put the two lines where the tables belong.',
    });
  return `${document.slice(0, from + begin.length)}\n\n${tables}\n\n${document.slice(to)}`;
}
