import type { ExpectedAnswer } from '@photofinish/schema';

/** Exact content types of the contract. */
export const contentTypes = { text: 'text/plain; charset=utf-8', json: 'application/json' } as const;

/** A correct answer of text. */
export const textAnswer = (body: string): ExpectedAnswer => ({ status: 200, contentType: contentTypes.text, body });

/** An answer whose body is JSON without spaces, keys in the order given. */
export const jsonAnswer = (value: unknown, status = 200): ExpectedAnswer => ({
  status,
  contentType: contentTypes.json,
  body: JSON.stringify(value),
});

/** The answer to a parameter that is missing, repeated, past its limit or malformed. */
export const badParameter = (name: string): ExpectedAnswer => jsonAnswer({ error: `bad ${name}` }, 400);

/** The answer to an unknown path. */
export const notFound: ExpectedAnswer = jsonAnswer({ error: 'not found' }, 404);

/** The answer to a wrong method, which carries `Allow: GET` besides. */
export const methodNotAllowed: ExpectedAnswer = jsonAnswer({ error: 'method not allowed' }, 405);

/** The answer of a handler that failed. */
export const boom: ExpectedAnswer = jsonAnswer({ error: 'boom' }, 500);
