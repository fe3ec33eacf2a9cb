import { request } from 'node:http';
import { type ExpectedAnswer, type LoadJob, MeasurementError, type RequestHeader } from '@photofinish/schema';
import type { LoadAddress } from './address.ts';

/** What every answer of a load is held against. */
export interface Pattern {
  readonly expected: ExpectedAnswer;
  readonly comparison: NonNullable<LoadJob['classes'][number]['comparison']>;
}

/** Longest wait for an answer, seconds. */
const patienceSeconds = 30;
/** Longest body that is read to its end, bytes. */
const longestBody = 64 * 1024 * 1024;

/**
 * What the server answers when it is asked twice. Where both answers have the same status, `Content-Type` and length, every later one must have
 * them too; where the last two differ or there is no `Content-Type`, or nothing else is wanted, the status alone is compared. Throws `MeasurementError` `E_NO_ANSWER` when
 * nothing comes, and `E_ANSWER_UNFIT` when the two are nothing that others could be held against.
 */
export async function patternOf(
  address: LoadAddress,
  { headers, isStatusOnly = false }: { headers: readonly RequestHeader[]; isStatusOnly?: boolean },
  signal: AbortSignal,
): Promise<Pattern> {
  const first = await ask(address, headers, signal);
  const second = await ask(address, headers, signal);
  if (first.status !== second.status)
    throw unfit(address.url, `its status is ${first.status} once and ${second.status} then`);
  const { status, contentType, length } = first;
  const isSteady =
    !isStatusOnly && contentType !== null && contentType === second.contentType && length === second.length;
  // The load core compares lengths: the bytes of a body that may be binary are not needed.
  if (isSteady) return { expected: { status, contentType, body: 'x'.repeat(length) }, comparison: 'answer' };
  return { expected: { status, contentType: contentType ?? '', body: '' }, comparison: 'status' };
}

interface SeenAnswer {
  readonly status: number;
  readonly contentType: string | null;
  readonly length: number;
}

async function ask(address: LoadAddress, headers: readonly RequestHeader[], stop: AbortSignal): Promise<SeenAnswer> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(patienceSeconds * 1000)]);
  try {
    return await exchange(address, headers, signal);
  } catch (cause) {
    stop.throwIfAborted();
    if (cause instanceof MeasurementError) throw cause;
    throw new MeasurementError('E_NO_ANSWER', {
      what: 'The server does not answer.',
      where: address.url,
      given: cause instanceof Error ? cause.message : String(cause),
      remedy: `See whether it listens: curl -i '${address.url}'`,
      cause,
    });
  }
}

function exchange(
  { host, port, path, url, authority }: LoadAddress,
  given: readonly RequestHeader[],
  signal: AbortSignal,
): Promise<SeenAnswer> {
  const headers = { accept: '*/*', host: authority, ...Object.fromEntries(given.map((one) => [one.name, one.value])) };
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, path, signal, agent: false, setHost: false, headers }, (answer) => {
      let length = 0;
      answer.on('data', (piece: Buffer) => {
        length += piece.length;
        if (length > longestBody) asked.destroy(unfit(url, `its body is longer than ${longestBody} bytes`));
      });
      answer.on('error', reject);
      answer.on('end', () => {
        const { statusCode = 0, headers: seen } = answer;
        resolve({ status: statusCode, contentType: seen['content-type'] ?? null, length });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

const unfit = (where: string, given: string) =>
  new MeasurementError('E_ANSWER_UNFIT', {
    what: 'The answer of the server is nothing that later answers could be held against.',
    where,
    given,
    remedy: 'Choose a path whose answers have one status and an end.',
  });
