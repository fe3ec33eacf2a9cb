import { type HeaderLine, type HttpAnswer, headerValues } from './answer.ts';
import { HttpFault } from './fault.ts';

/** Bounds on what one answer may hold, bytes. */
export interface AnswerLimits {
  readonly headBytes: number;
  readonly bodyBytes: number;
}

/** What is known while bytes arrive. */
export interface ParseState {
  /** The request was HEAD: its answer has no body whatever its headers say (RFC 9110 section 9.3.2). */
  readonly toHead: boolean;
  /** The server has closed its side. */
  readonly ended: boolean;
  readonly limits: AnswerLimits;
}

/** A whole answer and what follows it. */
export interface Parsed {
  readonly answer: HttpAnswer;
  readonly rest: Buffer;
}

type Body = { readonly body: Buffer; readonly rest: Buffer } | null;

/**
 * Reads one HTTP/1.1 answer off the front of the bytes (RFC 9112 sections 4 to 7); null while it is not whole. Reading starts anew with each
 * arrival, which is cheap at the size of the bounds and keeps no state. Throws `HttpFault` when the bytes can never become an answer or pass
 * a bound.
 */
export function parseAnswer(bytes: Buffer, state: ParseState): Parsed | null {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0 || headEnd > state.limits.headBytes) {
    if (bytes.length > state.limits.headBytes) throw tooLarge('head', state.limits.headBytes);
    return null;
  }
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const status = parseStatus(statusLine);
  const headers = lines.map(parseHeader);
  const framing = framingOf(status, headers, state.toHead);
  const after = bytes.subarray(headEnd + 4);
  const read = readBody(framing, after, headers, state);
  return read === null ? null : { answer: { status, headers, body: read.body, framing }, rest: read.rest };
}

function parseStatus(line: string): number {
  const match = /^HTTP\/1\.1 (\d{3})(?: [^\r\n]*)?$/.exec(line);
  if (match === null) throw malformed('status line', line);
  return Number(match[1]);
}

function parseHeader(line: string): HeaderLine {
  const match = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\r\n]*?)[ \t]*$/.exec(line);
  if (match === null) throw malformed('header line', line);
  return { name: match[1] ?? '', value: match[2] ?? '' };
}

function framingOf(status: number, headers: readonly HeaderLine[], toHead: boolean): HttpAnswer['framing'] {
  const has = (name: string) => headers.some((line) => line.name.toLowerCase() === name);
  if (toHead || status === 204 || status === 304) return 'none';
  if (has('transfer-encoding')) return 'chunked';
  return has('content-length') ? 'length' : 'close';
}

function readBody(
  framing: HttpAnswer['framing'],
  bytes: Buffer,
  headers: readonly HeaderLine[],
  { ended, limits }: ParseState,
): Body {
  switch (framing) {
    case 'none':
      return { body: Buffer.alloc(0), rest: bytes };
    case 'length': {
      const length = parseLength(headers);
      if (length > limits.bodyBytes) throw tooLarge('body', limits.bodyBytes);
      return bytes.length < length ? null : { body: bytes.subarray(0, length), rest: bytes.subarray(length) };
    }
    case 'close':
      if (bytes.length > limits.bodyBytes) throw tooLarge('body', limits.bodyBytes);
      return ended ? { body: bytes, rest: Buffer.alloc(0) } : null;
    case 'chunked':
      return readChunks(bytes, limits.bodyBytes);
  }
}

function parseLength(headers: readonly HeaderLine[]): number {
  const values = headerValues({ headers }, 'content-length');
  const [value = '', ...further] = values;
  if (!/^\d+$/.test(value) || further.length > 0) throw malformed('Content-Length', values.join(', '));
  return Number(value);
}

function readChunks(bytes: Buffer, maximum: number): Body {
  const chunks: Buffer[] = [];
  let total = 0;
  let position = 0;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', position);
    if (lineEnd < 0) return null;
    const line = bytes.toString('latin1', position, lineEnd);
    if (!/^[0-9a-fA-F]{1,8}(;.*)?$/.test(line)) throw malformed('chunk size', line);
    const size = Number.parseInt(line, 16);
    total += size;
    if (total > maximum) throw tooLarge('body', maximum);
    const start = lineEnd + 2;
    const end = start + size + 2;
    if (bytes.length < end) return null;
    if (bytes.toString('latin1', end - 2, end) !== '\r\n') throw malformed('end of a chunk', line);
    if (size === 0) return { body: Buffer.concat(chunks), rest: bytes.subarray(end) };
    chunks.push(bytes.subarray(start, end - 2));
    position = end;
  }
}

function malformed(what: string, given: string): HttpFault {
  return new HttpFault('E_HTTP_MALFORMED', {
    what: `the server's ${what} is malformed`,
    given: given.slice(0, 200),
  });
}

function tooLarge(part: string, maximum: number): HttpFault {
  return new HttpFault('E_HTTP_TOO_LARGE', { what: `the ${part} of the answer is larger than ${maximum} bytes` });
}
