import { readDigits } from './digits.ts';

/** How one parameter is read: its value from every spelling given for it, or undefined when that is bad. */
export type Parameter<Value> = (given: readonly string[]) => Value | undefined;

/** The parameters of an endpoint by name, in the order of the contract's table. */
export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** The values of an endpoint's parameters by name. */
export type Values<P extends Parameters> = {
  readonly [Name in keyof P]: P[Name] extends Parameter<infer Value> ? Value : never;
};

/** A whole number between `from` and `to`, both included. Given exactly once, or `absent` when it may be left out. */
export const wholeNumber =
  (from: number, to: number, absent?: number): Parameter<number> =>
  ([word, ...further]) =>
    word === undefined ? absent : further.length > 0 ? undefined : readDigits(word, from, to);

/** One of the words, given exactly once. */
export const oneOf =
  <Word extends string>(...words: readonly Word[]): Parameter<Word> =>
  ([given, ...further]) =>
    further.length > 0 ? undefined : words.find((word) => word === given);

/** Splits a request target into path and raw query. Nothing is decoded: an escaped name is another name, an escaped digit no digit. */
export const splitTarget = (target: string): { path: string; query: string } => {
  // RFC 9112 section 3.2.2: a server must accept the absolute form too, although no client of ours sends it.
  const local = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?]*/i, '');
  const mark = local.indexOf('?');
  return mark < 0 ? { path: local, query: '' } : { path: local.slice(0, mark), query: local.slice(mark + 1) };
};

const spellings = (pairs: readonly string[], name: string): string[] =>
  pairs.filter((pair) => pair === name || pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1));

/** What a query says: the values of all parameters, or the name of the first bad one. */
export type Query<P extends Parameters> =
  | { readonly bad?: undefined; readonly read: Values<P> }
  | { readonly bad: string };

/** Reads the parameters in their order. Those the endpoint does not know are passed over. */
export const readQuery = <P extends Parameters>(parameters: P, query: string): Query<P> => {
  const pairs = query.split('&');
  const read: Record<string, unknown> = {};
  for (const name in parameters) {
    const value = parameters[name]?.(spellings(pairs, name));
    if (value === undefined) return { bad: name };
    read[name] = value;
  }
  return { read: read as Values<P> };
};
