import { type Html, html, nothing } from '../markup/html.ts';

/** A table with its caption in a region of its own, which scrolls sideways where the screen is narrow and can be reached by keyboard. */
export function scrollingTable(parts: {
  readonly id: string;
  readonly caption: string;
  readonly head: Html;
  readonly bodies: readonly Html[];
  readonly kind?: string;
}): Html {
  const { id, caption, head, bodies, kind } = parts;
  return html`<div class="table" id="${id}" role="region" aria-label="${caption}" tabindex="0">
<table${kind === undefined ? nothing : html` class="${kind}"`}><caption><span>${caption}</span></caption><thead>${head}</thead>${bodies}</table>
</div>`;
}
