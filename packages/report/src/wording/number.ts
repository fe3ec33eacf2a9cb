/** Space that does not break, between a figure and its unit. */
export const fixedSpace = '\u00a0';

function grouped(digits: string): string {
  const [whole = '', fraction] = digits.split('.');
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? separated : `${separated}.${fraction}`;
}

/**
 * A figure with at least `digits` significant digits shown and no more kept, thousands separated by commas: `5,120`, `48.3`, `0.125`.
 * The same on every machine: no locale is asked.
 */
export function significant(value: number, digits = 3): string {
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(digits));
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded))));
  return grouped(rounded.toFixed(Math.min(decimals, 12)));
}

/** A whole number with thousands separated by commas. */
export function whole(value: number): string {
  return grouped(value.toFixed(0));
}

/** A fraction in percent with two significant digits, fewer where they would be false precision: `5 %`, `12 %`, `0.3 %`. */
export function percent(fraction: number): string {
  const value = fraction * 100;
  const text = value !== 0 && value < 1 ? value.toPrecision(1) : String(Number(value.toPrecision(value < 10 ? 2 : 3)));
  return `${grouped(text)}${fixedSpace}%`;
}

/** `1 trial`, `3 trials`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${whole(count)}${fixedSpace}${count === 1 ? noun : plural}`;
}

/** A level of confidence: `95 %`, `99.3 %`. */
export function levelText(level: number): string {
  return `${Number((level * 100).toFixed(1))}${fixedSpace}%`;
}

/** Bounds in words: `0.98 to 1.03`. */
export function range(lower: number, upper: number, show: (value: number) => string = significant): string {
  return `${show(lower)} to ${show(upper)}`;
}
