import { request } from 'node:http';
import { type ExpectedAnswer, MeasurementError } from '@photofinish/schema';
import type { LoadAddress } from './address.ts';

/** Longest wait for it, seconds. */
const patienceSeconds = 30;
/** Longest body that is taken as the pattern, bytes. */
const longestBody = 64 * 1024 * 1024;

/**
 * What the server answers when it is asked once: every later answer must have this status, this `Content-Type` and this length. Throws
 * `MeasurementError` `E_NO_ANSWER` when nothing comes, and `E_ANSWER_UNFIT` when it is nothing that others could be held against.
 */
export async function firstAnswer(address: LoadAddress, signal: AbortSignal): Promise<ExpectedAnswer> {
  try {
    return await ask(address, AbortSignal.any([signal, AbortSignal.timeout(patienceSeconds * 1000)]));
  } catch (cause) {
    signal.throwIfAborted();
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

function ask({ host, port, path, url }: LoadAddress, signal: AbortSignal): Promise<ExpectedAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, path, signal, agent: false, headers: { accept: '*/*' } }, (answer) => {
      let length = 0;
      answer.on('data', (piece: Buffer) => {
        length += piece.length;
        if (length > longestBody) asked.destroy(unfit(url, `its body is longer than ${longestBody} bytes`));
      });
      answer.on('error', reject);
      answer.on('end', () => {
        const contentType = answer.headers['content-type'];
        if (contentType === undefined) reject(unfit(url, 'it has no Content-Type'));
        // The load core compares lengths: the bytes of a body that may be binary are not needed.
        else resolve({ status: answer.statusCode ?? 0, contentType, body: 'x'.repeat(length) });
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
    remedy: 'Choose a path whose answer has a Content-Type and a length that stays.',
  });
