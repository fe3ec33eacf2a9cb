import { EnvironmentError, EnvironmentLostError, type PhotofinishError } from '@photofinish/schema';

/** HTTP status of an answer of the engine; null when there was no answer. */
export function statusOf(error: unknown): number | null {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : null;
}

/** What went wrong, in the engine's own words. */
function engineWords(error: unknown): string {
  const json = (error as { json?: { message?: unknown } | null } | null)?.json;
  if (typeof json?.message === 'string') return json.message;
  return error instanceof Error ? error.message : String(error);
}

const brokenConnection = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ABORT_ERR',
]);

/** Whether the engine did not answer at all: refused, cut, closed or too late. A mistake of ours is none of these. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error) || statusOf(error) !== null) return false;
  const { code } = error as NodeJS.ErrnoException;
  return error.name === 'TimeoutError' || error.name === 'AbortError' || brokenConnection.has(String(code));
}

/** Runs a call whose object may be gone or already in the state asked for. Any other failure is thrown. */
export async function tolerating(statuses: readonly number[], call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!statuses.includes(statusOf(error) ?? 0)) throw error;
  }
}

interface Refusal {
  readonly pattern: RegExp;
  readonly error: (given: string, cause: unknown) => PhotofinishError;
}

/** What engines answer and what is to be done about it; the first pattern that fits counts. */
const refusals: readonly Refusal[] = [
  {
    pattern: /no space left on device|disk quota exceeded/i,
    error: (given, cause) =>
      new EnvironmentLostError('E_ENGINE_DISK_FULL', {
        what: 'The disk under the container engine is full.',
        remedy: 'Make space in its data folder (`docker system df` shows what takes it), then go on with --resume.',
        given,
        cause,
      }),
  },
  {
    pattern: /no such image|image not known/i,
    error: (given, cause) =>
      new EnvironmentError('E_IMAGE_MISSING', {
        what: 'The image of a server is not there.',
        remedy: 'Build it with `photofinish build`.',
        given,
        cause,
      }),
  },
  {
    pattern: /address pool|fully subnetted|available network/i,
    error: (given, cause) =>
      new EnvironmentError('E_ADDRESS_POOL', {
        what: 'The container engine has no address range left for another network.',
        remedy:
          'Remove networks that nobody needs (`docker network ls`; `photofinish gc` lists ours), or widen `default-address-pools`.',
        given,
        cause,
      }),
  },
  {
    pattern: /port is already allocated|address already in use|no available port|all ports are allocated/i,
    error: (given, cause) =>
      new EnvironmentError('E_PORTS_EXHAUSTED', {
        what: 'The container engine found no free port to publish a server on.',
        remedy: 'End what holds the ports (`ss -ltn` lists them), or reach servers by --network bridge.',
        given,
        cause,
      }),
  },
  {
    pattern: /cannot assign requested address/i,
    error: (given, cause) =>
      new EnvironmentError('E_PUBLISHED_ADDRESS', {
        what: 'The address of the endpoint is not one of its own host, so no port can be published there.',
        remedy: "Name the endpoint by an address that its host's network interfaces have.",
        given,
        cause,
      }),
  },
  {
    pattern: /requested cpus? (is|are) not available|cpuset/i,
    error: (given, cause) =>
      new EnvironmentError('E_CORES_ABSENT', {
        what: 'The container engine cannot give the cores asked for.',
        remedy: 'Ask for cores that its host has with --cores; `photofinish doctor` lists them.',
        given,
        cause,
      }),
  },
  {
    pattern: /rlimit/i,
    error: (given, cause) =>
      new EnvironmentError('E_ENGINE_LIMITS', {
        what: 'The container engine may not give a server the open files asked for: its own limit is lower.',
        remedy: 'Raise it (`LimitNOFILE=1048576` in the service of the engine), and start the engine again.',
        given,
        cause,
      }),
  },
  {
    pattern: /photofinish-native.*(no such file|not found|permission denied)/i,
    error: (given, cause) =>
      new EnvironmentError('E_IMAGE_UNSUITABLE', {
        what: 'The image of a server does not hold the native core, which supervises it.',
        remedy: 'Build it anew with `photofinish build`.',
        given,
        cause,
      }),
  },
];

/** The typed error for a failed call to the engine. `doing` completes the sentence "... failed while". What is no answer of the engine passes unchanged. */
export function engineError(error: unknown, doing: string): unknown {
  if (error instanceof EnvironmentError || error instanceof EnvironmentLostError) return error;
  if (isUnreachable(error)) return engineLost(doing, error);
  if (statusOf(error) === null) return error;
  const given = engineWords(error);
  const refusal = refusals.find(({ pattern }) => pattern.test(given));
  if (refusal !== undefined) return refusal.error(given, error);
  return new EnvironmentError('E_ENGINE_REFUSED', {
    what: `The container engine refused while ${doing}.`,
    remedy: 'Read what it says; `photofinish doctor` checks what it can do.',
    given,
    cause: error,
  });
}

/** The engine no longer answers. */
export function engineLost(doing: string, cause: unknown): EnvironmentLostError {
  return new EnvironmentLostError('E_ENGINE_LOST', {
    what: `The container engine no longer answers; it was lost while ${doing}.`,
    remedy:
      'Start it again, look at what it left with `photofinish gc`, then go on with --resume: finished trials are kept.',
    given: engineWords(cause),
    cause,
  });
}
