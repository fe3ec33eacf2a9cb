import { Info, MeasurementError, problemsOf } from '@photofinish/schema';
import { contentTypes } from './answers.ts';
import { describeAnswer, faultsOf } from './contract/judge.ts';
import { Connection } from './http/connection.ts';

/** What a plan gave a server, to be found again in its `/info`. Numbers are totals over all its processes. */
export interface WantedInfo {
  readonly runtime: string;
  readonly model: string;
  readonly nonce: string;
  readonly cores: number;
  readonly processes: number;
  /** Null where the model has no request thread pool. */
  readonly threads: number | null;
  /** Null where the model has no pool for CPU work; not compared when left out. */
  readonly cpuPool?: number | null;
}

/** Longest wait for a server's account of itself, seconds. */
const timeoutSeconds = 5;

/**
 * What a server says it runs with. Throws `MeasurementError` `E_WRONG_RESPONSE` when the answer is not a valid one, `HttpFault` when there is
 * none, and the signal's reason when it is aborted.
 */
export async function fetchInfo(
  server: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<Info> {
  using connection = await Connection.open({ host: server.host, port: server.port, timeoutSeconds, signal });
  const answer = await connection.ask({ target: '/info' });
  const body = answer.body.toString('utf8');
  const faults = faultsOf(answer, { status: 200, contentType: contentTypes.json, body });
  if (faults.length > 0) throw wrongInfo(describeAnswer(answer), faults.join('; '));
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (cause) {
    throw wrongInfo(describeAnswer(answer), 'not JSON', cause);
  }
  const parsed = Info.safeParse(value);
  if (!parsed.success) throw wrongInfo(describeAnswer(answer), problemsOf(parsed.error));
  return parsed.data;
}

function wrongInfo(given: string, problems: string, cause?: unknown): MeasurementError {
  return new MeasurementError('E_WRONG_RESPONSE', {
    what: `the answer of /info is not valid: ${problems}`,
    where: 'GET /info',
    given,
    allowed: 'an object of the schema info.schema.json',
    remedy: 'judge the target with `photofinish check`',
    cause,
  });
}

/** Each difference between what a server says it runs with and what it was given, as a sentence part; empty when there is none. */
export function compareInfo(info: Info, wanted: Partial<WantedInfo>): string[] {
  const names = ['runtime', 'model', 'nonce', 'cores', 'processes', 'threads', 'cpuPool'] as const;
  return names.flatMap((name) => {
    const expected = wanted[name];
    if (expected === undefined || info[name] === expected) return [];
    return [`${name}: expected ${expected ?? 'none'}, given ${info[name] ?? 'none'}`];
  });
}
