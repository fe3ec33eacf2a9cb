/** What goes back to the client: a status and a body whose bytes the contract fixes. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string;
}

const answer = (status: number, type: string, body: string, further: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body), ...further },
  body,
});

/** 200 with plain text. */
export const text = (body: string): Answer => answer(200, 'text/plain; charset=utf-8', body);

/** 200 with a JSON document; `JSON.stringify` writes no spaces and keeps the order of the keys. */
export const json = (value: unknown): Answer => answer(200, 'application/json', JSON.stringify(value));

const error = (status: number, what: string, further?: Record<string, string>): Answer =>
  answer(status, 'application/json', JSON.stringify({ error: what }), further);

/** The path is none of the contract's. */
export const notFound = error(404, 'not found');
/** The path exists; only GET is answered there. */
export const methodNotAllowed = error(405, 'method not allowed', { Allow: 'GET' });
/** The handler failed. The connection stays usable. */
export const boom = error(500, 'boom');
/** The named parameter is missing, repeated, out of range or misspelt. */
export const badParameter = (name: string): Answer => error(400, `bad ${name}`);
