import { PhotofinishError } from '@photofinish/schema';
import type { Colours } from './colours.ts';

/** An error for people: what, where, given, allowed, remedy; a stack only for a bug. */
export function errorText(error: unknown, colours: Colours): string {
  if (!(error instanceof PhotofinishError)) return bugText(error, colours);
  const rows: [string, string | undefined][] = [
    ['where', error.where],
    ['given', error.given],
    ['allowed', error.allowed],
    ['remedy', error.remedy],
  ];
  const lines = rows
    .filter((row): row is [string, string] => row[1] !== undefined && row[1] !== '')
    .map(([label, text]) => `  ${label.padEnd(8)}${indented(text)}`);
  return [
    `${colours.red('photofinish:')} ${sentence(error.what)} ${colours.dim(`[${error.code}]`)}`,
    ...lines,
    '',
  ].join('\n');
}

/** The same as data, for `--json`. */
export function errorJson(error: unknown, exitCode: number): unknown {
  if (!(error instanceof PhotofinishError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { error: { code: 'E_INTERNAL', what: 'This is a bug in Photofinish.', given: text, exitCode } };
  }
  const { code, what, where, given, allowed, remedy } = error;
  return { error: { code, what, where, given, allowed, remedy, exitCode } };
}

/** A sentence begins with a capital, unless its first word is the name of a target, file or flag. */
const sentence = (text: string) => (/^\S*[/.\-_]/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1));

const indented = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .join(`\n${' '.repeat(10)}`);

function bugText(error: unknown, colours: Colours): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${colours.red('photofinish:')} This is a bug in Photofinish; please report it with the lines below.\n${text}\n`;
}
