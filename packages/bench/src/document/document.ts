import { ResultsError } from '@photofinish/schema';

const [begin, end] = ['<!-- tables of bench:instrument -->', '<!-- end of the tables -->'];

/** The document with the tables between its markers in the place of those that were there. Throws `ResultsError` `E_BENCH_DOCUMENT`. */
export function withTables(document: string, tables: string): string {
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from)
    throw new ResultsError('E_BENCH_DOCUMENT', {
      what: 'The document has no place for the tables.',
      allowed: `${begin} before ${end}`,
      remedy: 'Put the two lines where the tables belong.',
    });
  return `${document.slice(0, from + begin.length)}\n\n${tables}\n\n${document.slice(to)}`;
}
