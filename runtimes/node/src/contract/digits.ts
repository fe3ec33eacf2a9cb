/**
 * The value of a word of ASCII digits, or undefined when it is anything else or lies outside `from..to`. A number is what its digits
 * say: leading zeros count for nothing and the length of the word is no limit, hence no conversion before the comparison of lengths.
 */
export const readDigits = (word: string, from: number, to: number): number | undefined => {
  if (!/^[0-9]+$/.test(word)) return undefined;
  const significant = word.replace(/^0+(?=.)/, '');
  if (significant.length > String(to).length) return undefined;
  const value = Number(significant);
  return value >= from && value <= to ? value : undefined;
};
