import { plainText } from '../markup/html.ts';

const asciiForms: Record<string, string> = {
  '±': '+-',
  '−': '-',
  '×': 'x',
  µ: 'u',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '▲': '++',
  '▼': '--',
  '△': '+',
  '▽': '-',
  '⊘': 'x',
  '✓': '+',
  '✗': 'x',
  '≥': '>=',
  '≤': '<=',
};

/**
 * Text that cannot drive a terminal: control and direction characters become visible, line ends become spaces. With `ascii` every other
 * character becomes its nearest form, or a question mark. Spaces that do not break are kept for {@link wrapped}.
 */
export function terminalText(text: string, ascii: boolean): string {
  const line = plainText(text).replace(/[\n\t]+/g, ' ');
  if (!ascii) return line;
  return line.replace(/[^\x20-\x7e\u00a0]/gu, (character) => asciiForms[character] ?? '?');
}

/** Number of characters that a text takes on a terminal. */
export function widthOf(text: string): number {
  return [...text].length;
}

const broken = (word: string, width: number): string[] => {
  const characters = [...word];
  const pieces = Math.ceil(characters.length / width);
  return Array.from({ length: pieces }, (_unused, index) =>
    characters.slice(index * width, (index + 1) * width).join(''),
  );
};

/** Text in lines of at most `width` characters, broken between words; a longer word is cut. Fixed spaces hold and then become plain ones. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((each) => (widthOf(each) > width ? broken(each, width) : [each]))) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((each) => each.replaceAll('\u00a0', ' '));
}
