import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { headerValues } from './answer.ts';
import { type ParseState, parseAnswer } from './parse.ts';

const open: ParseState = { toHead: false, ended: false, limits: { headBytes: 200, bodyBytes: 50 } };
const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('an answer', () => {
  const whole = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\ncontent-length: 2\r\n\r\nok';

  test('of announced length ends there, and what follows is kept apart', () => {
    const parsed = parseAnswer(bytes(`${whole}HTTP/1.1 `), open);
    expect(parsed?.answer).toMatchObject({ status: 200, framing: 'length' });
    expect(parsed?.answer.body.toString()).toBe('ok');
    expect(parsed?.rest.toString()).toBe('HTTP/1.1 ');
  });

  test('keeps names as written and finds them in any case', () => {
    const answer = parseAnswer(bytes(whole), open)?.answer ?? expect.unreachable();
    expect(answer.headers.map((line) => line.name)).toEqual(['Content-Type', 'content-length']);
    expect(headerValues(answer, 'content-type')).toEqual(['text/plain']);
  });

  test('is not whole before its last byte, wherever it is cut', () => {
    for (let end = 0; end < whole.length; end++) expect(parseAnswer(bytes(whole.slice(0, end)), open)).toBeNull();
  });

  test('to HEAD ends with its head, whatever length it announces', () => {
    expect(parseAnswer(bytes(whole), { ...open, toHead: true })?.rest.toString()).toBe('ok');
  });

  test('without a length ends when the server closes', () => {
    const text = bytes('HTTP/1.1 500 \r\n\r\nrest');
    expect(parseAnswer(text, open)).toBeNull();
    expect(parseAnswer(text, { ...open, ended: true })?.answer).toMatchObject({ status: 500, framing: 'close' });
  });

  test('in chunks is put together, and is not whole before the last one', () => {
    const text = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n';
    expect(parseAnswer(bytes(text), open)?.answer.body.toString()).toBe('abcde');
    for (let end = 0; end < text.length; end++) expect(parseAnswer(bytes(text.slice(0, end)), open)).toBeNull();
  });

  test.each([
    ['another protocol', 'HTTP/1.0 200 OK\r\n\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a header without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n'],
    ['a header name with a space', 'HTTP/1.1 200 OK\r\nServer : x\r\n\r\n'],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok'],
    ['a chunk size that is no number', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n'],
    ['a chunk of another size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n'],
  ])('with %s is malformed', (_title, text) => {
    expect(() => parseAnswer(bytes(text), open)).toThrow(expect.objectContaining({ code: 'E_HTTP_MALFORMED' }));
  });

  test.each([
    ['an endless head', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(300)}`],
    ['an announced length past the bound', 'HTTP/1.1 200 OK\r\nContent-Length: 51\r\n\r\n'],
    ['an endless body', `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(51)}`],
    ['endless chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n33\r\n'],
  ])('with %s is given up', (_title, text) => {
    expect(() => parseAnswer(bytes(text), open)).toThrow(expect.objectContaining({ code: 'E_HTTP_TOO_LARGE' }));
  });

  test('of any body and any following bytes is read back exactly', () => {
    const body = fc.uint8Array({ maxLength: 50 }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(body, body, (content, following) => {
        const head = bytes(`HTTP/1.1 200 OK\r\nContent-Length: ${content.length}\r\n\r\n`);
        const parsed = parseAnswer(Buffer.concat([head, content, following]), open);
        expect(parsed?.answer.body.equals(content)).toBe(true);
        expect(parsed?.rest.equals(following)).toBe(true);
      }),
    );
  });
});
