import type { ExpectedAnswer } from '@photofinish/schema';
import { type HttpAnswer, headerValues } from '../http/answer.ts';
import type { HttpRequest } from '../http/request.ts';

/** What an answer must be, on one line. */
export function describeExpected({ status, contentType, body }: ExpectedAnswer): string {
  return `${status} ${contentType} ${shorten(body)}`;
}

/** What an answer is, on one line. */
export function describeAnswer(answer: HttpAnswer): string {
  const contentType = headerValues(answer, 'content-type').join(', ') || 'no Content-Type';
  return `${answer.status} ${contentType} ${shorten(answer.body.toString('utf8'))}`;
}

/** Every way in which an answer differs from the expected one and from what the contract asks of all answers; empty when it is right. */
export function faultsOf(
  answer: HttpAnswer,
  expected: ExpectedAnswer,
  { method }: Pick<HttpRequest, 'method'> = {},
): string[] {
  const toHead = method === 'HEAD';
  const body = Buffer.from(toHead ? '' : expected.body);
  const faults: string[] = [];
  if (answer.status !== expected.status) faults.push(`status ${answer.status}, not ${expected.status}`);
  if (!answer.body.equals(body))
    faults.push(`body ${shorten(answer.body.toString())}, not ${shorten(body.toString())}`);
  faults.push(...headerFaults(answer, expected));
  if (expected.status === 405) faults.push(...exactly(answer, 'Allow', 'GET'));
  return faults;
}

/** The header lines that the contract fixes for every answer but a stream. */
function headerFaults(answer: HttpAnswer, expected: ExpectedAnswer): string[] {
  const faults = [
    ...exactly(answer, 'Content-Type', expected.contentType),
    ...exactly(answer, 'Content-Length', String(Buffer.byteLength(expected.body))),
  ];
  for (const forbidden of ['Server', 'Transfer-Encoding', 'Content-Encoding']) {
    const values = headerValues(answer, forbidden.toLowerCase());
    if (values.length > 0) faults.push(`a header ${forbidden}: ${values.join(', ')}`);
  }
  const closes = headerValues(answer, 'connection').some((value) => value.toLowerCase().includes('close'));
  if (closes) faults.push('a header Connection: close');
  return faults;
}

function exactly(answer: HttpAnswer, name: string, value: string): string[] {
  const values = headerValues(answer, name.toLowerCase());
  if (values.length === 0) return [`no ${name}`];
  return values.length === 1 && values[0] === value ? [] : [`${name} ${values.join(', ')}, not ${value}`];
}

/** A body fit for one line of a table. */
function shorten(body: string): string {
  if (body === '') return 'empty body';
  const line = JSON.stringify(body).slice(1, -1).replaceAll('\\"', '"');
  return line.length <= 120 ? line : `${line.slice(0, 117)}...`;
}
