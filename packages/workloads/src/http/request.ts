/** A request as the verifier writes it: nothing is added that is not stated here, and nothing is checked. */
export interface HttpRequest {
  /** `GET` when absent. */
  readonly method?: string;
  /** Path and query exactly as they go on the wire, one byte a character (latin-1), so that malformed targets can be sent too. */
  readonly target: string;
  /** Header lines besides `Host`, by name. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The bytes of a request. */
export function requestBytes(authority: string, { method = 'GET', target, headers = {} }: HttpRequest): Buffer {
  const lines = [`${method} ${target} HTTP/1.1`, `Host: ${authority}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}
