import { createHash } from 'node:crypto';

const sourceOf = (text: string): string => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

/**
 * Content security policy of a self-contained page: exactly the given inline texts may act, and nothing may be fetched. It has no
 * `frame-ancestors`, which browsers ignore in a `meta` element.
 */
export function contentPolicy(parts: { readonly script: string; readonly style: string }): string {
  return [
    "default-src 'none'",
    `script-src ${sourceOf(parts.script)}`,
    `style-src ${sourceOf(parts.style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
