import { badParameter } from '../answers.ts';
import type { Workload } from '../workload.ts';
import { answerCase, type ContractCase } from './case.ts';
import type { Draw } from './draw.ts';

/** A spelling of a query: its case id, a title, and the query for the parameter's name. */
interface Spelling {
  readonly id: string;
  readonly title: string;
  readonly query: (name: string) => string;
}

const value = (id: string, title: string, spelled: string): Spelling => ({
  id,
  title,
  query: (name) => `${name}=${spelled}`,
});

/** What is no number in ASCII digits, around a number that would be good. */
function malformed(good: number): Spelling[] {
  return [
    value('empty', 'an empty value', ''),
    { id: 'bare', title: 'a name without a value', query: (name) => name },
    { id: 'repeated', title: 'a repeated parameter', query: (name) => `${name}=${good}&${name}=${good}` },
    {
      id: 'repeated-apart',
      title: 'a parameter repeated behind others',
      query: (name) => `${name}=${good}&other=1&${name}=${good + 1}`,
    },
    { id: 'good-then-bad', title: 'a good value followed by a bad one', query: (name) => `${name}=${good}&${name}=x` },
    value('minus', 'a minus sign', `-${good}`),
    value('minus-zero', 'minus zero', '-0'),
    value('plus', 'a plus sign', `+${good}`),
    value('plus-escaped', 'an escaped plus sign', `%2B${good}`),
    value('space-before', 'a space before the digits', `%20${good}`),
    value('space-after', 'a space after the digits', `${good}%20`),
    value('plus-after', 'a space, written as plus, after the digits', `${good}+`),
    value('newline-after', 'a newline after the digits', `${good}%0A`),
    value('nul-after', 'a zero byte after the digits', `${good}%00`),
    value('point', 'a point and a zero', `${good}.0`),
    value('point-only', 'a point at the end', `${good}.`),
    value('exponent', 'an exponent', `${good}e0`),
    value('hexadecimal', 'hexadecimal digits', `0x${good.toString(16)}`),
    value('separator', 'a separator between digits', `1_0`),
    value('comma', 'a comma between digits', `1,0`),
    value('semicolon', 'a semicolon behind the digits', `${good};x=1`),
    value('suffix', 'a letter behind the digits', `${good}n`),
    value('letters', 'letters', 'ten'),
    value('infinity', 'infinity', 'Infinity'),
    value('escaped-digit', 'a digit written as an escape', '%35'),
    value('arabic-digit', 'an Arabic-Indic digit', '%D9%A5'),
    value('fullwidth-digit', 'a full-width digit', '%EF%BC%95'),
    value('superscript', 'a superscript digit', '%C2%B2'),
    value('wraps-32', 'a number that is good modulo 2^32', String(2n ** 32n + BigInt(good))),
    value('wraps-64', 'a number that is good modulo 2^64', String(2n ** 64n + BigInt(good))),
    value('past-double', 'a number of 400 digits', '9'.repeat(400)),
    value('very-long', 'a number of 3,000 digits', '1'.repeat(3000)),
  ];
}

/** Good numbers, oddly written. */
function oddlyWritten(good: number): Spelling[] {
  return [
    value('leading-zeros', 'leading zeros', `000${good}`),
    value('many-leading-zeros', 'more leading zeros than any integer has digits', `${'0'.repeat(40)}${good}`),
    {
      id: 'unknown-parameters',
      title: 'parameters the endpoint does not know',
      query: (name) => `other=1&${name}=${good}&another=-5&other=2`,
    },
    {
      id: 'other-case',
      title: 'a parameter whose name differs in case',
      query: (name) => `${name}=${good}&${name.toUpperCase()}=x`,
    },
    {
      id: 'unknown-malformed',
      title: 'an unknown parameter with a broken escape',
      query: (name) => `${name}=${good}&other=%zz`,
    },
    { id: 'empty-pairs', title: 'empty pairs', query: (name) => `&${name}=${good}&&` },
  ];
}

/** Characters that are no digits and may stand unescaped in a query (RFC 3986 section 3.4), `&` apart. */
const strayCharacters = [..."abcdefxyzABCDEFXYZ-._~!$'()*+,;:@/?="] as [string, ...string[]];

/**
 * The cases of one numeric parameter: the contract takes nothing but ASCII digits, by value, once, within limits. `good` is a number the
 * endpoint answers quickly; it and `good + 1` must be valid.
 */
export function numberCases(workload: Workload, name: string, good: number, draw: Draw): ContractCase[] {
  const range = workload.parameters[name];
  if (range === undefined) throw new RangeError(`${workload.id} has no parameter ${name}`);
  const { endpoint } = workload;
  const prefix = `${endpoint.slice(1).replace('/', '-')}-${name}`;
  const bad = (spelling: Spelling): ContractCase =>
    answerCase({
      id: `${prefix}-${spelling.id}`,
      endpoint,
      title: `${spelling.title} for ${name} is refused`,
      request: { target: `${endpoint}?${spelling.query(name)}` },
      expected: badParameter(name),
    });
  const accepted = (spelling: Spelling, number: number): ContractCase =>
    answerCase({
      id: `${prefix}-${spelling.id}`,
      endpoint,
      title: `${spelling.title}: the answer is the right one`,
      request: { target: `${endpoint}?${spelling.query(name)}` },
      expected: workload.expected({ [name]: number }),
    });
  const limits = [value('above', 'one more than the maximum', String(range.maximum + 1))];
  if (range.minimum > 0) limits.push(value('below', 'one less than the minimum', String(range.minimum - 1)));
  const missing: Spelling = { id: 'missing', title: `no ${name}`, query: () => 'other=1' };
  return [
    accepted(value('least', 'the minimum', String(range.minimum)), range.minimum),
    ...oddlyWritten(good).map((spelling) => accepted(spelling, good)),
    range.absent === undefined ? bad(missing) : accepted(missing, range.absent),
    ...limits.map(bad),
    ...malformed(good).map(bad),
    ...[1, 2, 3, 4].map((index) => bad(drawnSpelling(index, good, draw))),
    rawByteCase(prefix, workload, name, good),
  ];
}

/** Digits with one drawn character among them. */
function drawnSpelling(index: number, good: number, draw: Draw): Spelling {
  const digits = String(good);
  const position = draw.between(0, digits.length);
  const stray = draw.oneOf(strayCharacters);
  const spelled = digits.slice(0, position) + stray + digits.slice(position);
  return value(`drawn-${index}`, `the drawn value ${spelled}`, spelled);
}

/** A raw byte above 127 is no HTTP either (RFC 3986): the server's library may refuse it in its own words, but never take it for a digit or fail. */
function rawByteCase(prefix: string, { endpoint }: Workload, name: string, good: number): ContractCase {
  return {
    id: `${prefix}-raw-byte`,
    endpoint,
    title: `a raw byte 0xB2, a superscript two in latin-1, for ${name} is refused`,
    expected: 'status 400',
    judge: async (server) => {
      using connection = await server.connect();
      const { status } = await connection.ask({ target: `${endpoint}?${name}=${good}\xb2` });
      return { passed: status === 400, given: `status ${status}` };
    },
  };
}
