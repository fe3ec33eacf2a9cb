/** Markup that is already safe to send: made by {@link html} or vouched for by {@link trusted}. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a hole of {@link html}. Strings and numbers are escaped, markup is kept. */
type Hole = string | number | Html | readonly Html[];

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * Control characters and those that turn the direction of text: they can make a name read as another one or drive a terminal.
 * Tab and line feed stay.
 */
const deceiving = /(?![\t\n])[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\u{feff}]/gu;

/** Text without control and direction characters; each becomes U+FFFD, so that its presence stays visible. */
export function plainText(text: string): string {
  return text.replace(deceiving, '\ufffd');
}

/** Text as it may stand between tags or in a quoted attribute. */
export function escapeText(text: string): string {
  return plainText(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** Vouches for markup this package made itself, such as its own style sheet. Never for anything read from a file of results. */
export function trusted(text: string): Html {
  return new Html(text);
}

/** No markup: for parts that a page may lack. */
export const nothing: Html = new Html('');

function fill(hole: Hole): string {
  if (hole instanceof Html) return hole.text;
  if (typeof hole === 'object') return hole.map((part) => part.text).join('');
  return escapeText(String(hole));
}

/** Template tag: everything put into a hole is escaped unless it is markup made by this tag. Attribute values must be quoted. */
export function html(parts: TemplateStringsArray, ...holes: readonly Hole[]): Html {
  return new Html(parts.reduce((text, part, index) => text + fill(holes[index - 1] ?? '') + part));
}
