import { type JobArrivals, type LoadJob, perSecond, RequestHeader, seconds, UsageError } from '@photofinish/schema';
import { coreNumbers, wholeNumber } from '../selection.ts';
import type { LoadAddress } from './address.ts';
import type { Pattern } from './pattern.ts';

/** The flags of `photofinish load`, as text. */
export interface LoadFlags {
  readonly rate?: string;
  readonly connections?: string;
  readonly duration: string;
  readonly poisson?: boolean;
  readonly burst?: string;
  readonly cores?: string;
  readonly seed: string;
}

/** Users of a closed loop when none are named, as oha has it. */
const defaultUsers = 50;
/** Connections of an open loop when none are named: enough for answers that take a second, within what any limit of descriptors allows. */
const pool = (rate: number) => Math.min(4000, Math.max(50, Math.ceil(1.2 * rate)));

/** Users who wait, or a schedule that does not. */
export type RequestedArrivals = Exclude<JobArrivals, { loop: 'replay' }>;

/** The load that the flags ask for. A rate makes an open loop. Throws `UsageError` `E_OPTION`. */
export function requestedLoad(flags: LoadFlags): {
  arrivals: RequestedArrivals;
  windowSeconds: number;
  cores: number[];
} {
  const { rate, poisson = false } = flags;
  const burst = wholeNumber('--burst', flags.burst ?? '1', 1, 50_000);
  const connections = flags.connections === undefined ? null : wholeNumber('-c', flags.connections, 1, 50_000);
  const windowSeconds = span(flags.duration);
  const cores = flags.cores === undefined ? [] : coreNumbers(flags.cores);
  if (rate === undefined) {
    const flag = poisson ? '--poisson' : burst > 1 ? '--burst' : null;
    if (flag !== null)
      throw new UsageError('E_OPTION', {
        what: `${flag} says when requests arrive, which in a closed loop their answers decide.`,
        given: `${flag} without --rate`,
        remedy: `Give a rate, as in --rate 500 ${poisson ? flag : `${flag} ${burst}`}.`,
      });
    return {
      arrivals: { loop: 'closed', connections: connections ?? defaultUsers, rampSeconds: seconds(0.1) },
      windowSeconds,
      cores,
    };
  }
  const value = perSecond(positive('--rate', rate));
  return {
    arrivals: {
      loop: 'open',
      process: poisson ? 'poisson' : 'constant',
      rate: value,
      ...(burst > 1 ? { burst } : {}),
      connections: connections ?? Math.max(burst, pool(value)),
    },
    windowSeconds,
    cores,
  };
}

/** The job of the load core: half a second of warm-up, then the window. */
export function loadJob(
  { host, port, path, authority }: LoadAddress,
  { expected, comparison }: Pattern,
  { arrivals, windowSeconds, cores }: ReturnType<typeof requestedLoad>,
  seed: number,
  given: readonly RequestHeader[] = [],
): LoadJob {
  const window = { seconds: seconds(windowSeconds), minimumResponses: 0, maximumSeconds: seconds(windowSeconds) };
  const isHostGiven = given.some(({ name }) => name.toLowerCase() === 'host');
  const headers = [...(isHostGiven ? [] : [{ name: 'Host', value: authority }]), ...given];
  return {
    schemaVersion: 1,
    seed,
    address: { host, port },
    cores,
    pacing: 'sleep',
    classes: [{ id: 'main', path, headers, expected, comparison, arrivals, bodySample: 0 }],
    warmup: { minimumSeconds: seconds(0.5), minimumResponses: 0, maximumSeconds: seconds(0.5) },
    window,
    drain: { maximumSeconds: seconds(30) },
    timeoutSeconds: seconds(30),
    handshake: false,
  };
}

/** Headers the load core writes itself: they say where a request ends. */
const framing = new Set(['content-length', 'transfer-encoding', 'connection', 'expect']);

/** The headers that `-H 'Name: value'` asks for. Throws `UsageError` `E_OPTION` for what is none, and for those that frame a request. */
export function requestHeaders(texts: readonly string[]): RequestHeader[] {
  return texts.map((text) => {
    const colon = text.indexOf(':');
    const header = { name: text.slice(0, Math.max(0, colon)).trim(), value: text.slice(colon + 1).trim() };
    const read = RequestHeader.safeParse(header);
    if (read.success && !framing.has(header.name.toLowerCase())) return read.data;
    throw new UsageError('E_OPTION', {
      what: read.success ? `${header.name} frames a request, which the load generator does.` : '-H takes a header.',
      given: text,
      allowed: 'Name: value, in printable ASCII',
      remedy: "Write for instance -H 'Authorization: Bearer abc'.",
    });
  });
}

function positive(flag: string, text: string): number {
  const value = /^\d+(\.\d+)?(\/s)?$/.test(text) ? Number.parseFloat(text) : 0;
  if (value > 0) return value;
  throw new UsageError('E_OPTION', {
    what: `${flag} takes requests a second.`,
    given: text,
    allowed: 'a number above 0',
    remedy: `Write for instance ${flag} 500.`,
  });
}

const units: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** `20s`, `500ms`, `2m`, or seconds without a unit. */
function span(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  const value = match === null ? 0 : Number(match[1]) * (units[match[2] ?? 's'] ?? 0);
  if (value >= 0.1 && value <= 86_400) return value;
  throw new UsageError('E_OPTION', {
    what: '--duration takes a span of time.',
    given: text,
    allowed: '100ms to 24h, as in 20s or 2m',
    remedy: 'Write for instance --duration 20s.',
  });
}
