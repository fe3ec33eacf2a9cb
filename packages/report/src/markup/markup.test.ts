import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hostileTexts } from '../specimens/specimen.ts';
import { embeddedJson } from './embed.ts';
import { escapeText, html, nothing, plainText, trusted } from './html.ts';
import { contentPolicy } from './policy.ts';

describe('the html tag', () => {
  it.each([
    ['<b>', '&lt;b&gt;'],
    ['a & b', 'a &amp; b'],
    [`"'`, '&quot;&#39;'],
    ['tab\tand line\nfeed', 'tab\tand line\nfeed'],
    ['\u202eright to left', '\ufffdright to left'],
    ['\u001b[2J', '\ufffd[2J'],
    ['\u2028\u2029\ufeff', '\ufffd\ufffd\ufffd'],
    ['café ▲ 日本', 'café ▲ 日本'],
  ])('writes %j as %j', (given, expected) => {
    expect(html`<p title="${given}">${given}</p>`.text).toBe(`<p title="${expected}">${expected}</p>`);
  });

  it('keeps markup it made itself, alone or in lists, and escapes once', () => {
    const items = ['<1>', '2'].map((text) => html`<li>${text}</li>`);
    expect(html`<ul>${items}${nothing}</ul>${3}`.text).toBe('<ul><li>&lt;1&gt;</li><li>2</li></ul>3');
    expect(html`${trusted('<b>')}`.text).toBe('<b>');
  });

  it.each(hostileTexts)('lets no character of %j open a tag or leave an attribute', (text) => {
    expect(escapeText(text)).not.toMatch(/[<>"']/);
    expect(plainText(text)).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  });
});

describe('embedded JSON', () => {
  it.each(hostileTexts)('keeps %j and cannot end its element', (text) => {
    const embedded = embeddedJson({ text });
    expect(embedded).not.toMatch(/[<>&\u2028\u2029]/);
    expect(JSON.parse(embedded)).toEqual({ text });
  });
});

describe('the content policy', () => {
  it('lets exactly the given texts act and nothing be fetched', () => {
    const hash = (text: string) => createHash('sha256').update(text).digest('base64');
    expect(contentPolicy({ script: 'a()', style: 'b{}' })).toBe(
      `default-src 'none'; script-src 'sha256-${hash('a()')}'; style-src 'sha256-${hash('b{}')}'; img-src data:; base-uri 'none'; form-action 'none'`,
    );
  });
});
