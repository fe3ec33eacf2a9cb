/** One header line as it came, the name as written. */
export interface HeaderLine {
  readonly name: string;
  readonly value: string;
}

/** A whole answer, byte-exact. */
export interface HttpAnswer {
  readonly status: number;
  /** In the order of the wire. */
  readonly headers: readonly HeaderLine[];
  readonly body: Buffer;
  /** What told the end of the body: its length, chunks, the end of the connection, or a kind of answer that has none (HEAD, 204, 304). */
  readonly framing: 'length' | 'chunked' | 'close' | 'none';
}

/** An answer with the time it took. */
export interface TimedAnswer extends HttpAnswer {
  /** First byte of the request handed to the kernel to last byte of the answer read, seconds. */
  readonly seconds: number;
}

/** All values of a header, whatever the case of its name. */
export function headerValues({ headers }: Pick<HttpAnswer, 'headers'>, name: string): string[] {
  return headers.filter((line) => line.name.toLowerCase() === name).map((line) => line.value);
}
