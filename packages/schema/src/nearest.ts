/**
 * Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours that turn one word into the other
 * (Damerau 1964; Boytsov 2011, section 2.1).
 */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const substitution = from[row - 1] === to[column - 1] ? 0 : 1;
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(
        Math.min(
          at(last, column) + 1,
          at(current, column - 1) + 1,
          at(last, column - 1) + substitution,
          swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

/**
 * The valid word a mistyped one was probably meant to be; null when nothing is near enough to be worth naming. Near is: at most half of the
 * longer word's letters differ, or the one typed is a part of the valid one (`threads` of `python/threads`). Case does not count; of
 * equally near words the first wins.
 */
export function nearest(word: string, words: Iterable<string>): string | null {
  const typed = word.toLowerCase();
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of words) {
    const valid = candidate.toLowerCase();
    const distance = editDistance(typed, valid);
    const isNear = distance * 2 <= Math.max(typed.length, valid.length) || (typed.length > 1 && valid.includes(typed));
    if (isNear && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** A row's number; a column that does not exist would be an error of this file. */
function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.NaN;
}
