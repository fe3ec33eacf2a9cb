import { type ExpectedAnswer, nearest, type Seconds, seconds, UsageError } from '@photofinish/schema';

/** The endpoints of the contract that are judged; `*` stands for what holds at all of them. */
export const endpoints = ['*', '/health', '/info', '/timer', '/cpu/spin', '/cpu/json', '/fail'] as const;
export type Endpoint = (typeof endpoints)[number];

/** The whole numbers that a query parameter may be. */
export interface ParameterRange {
  readonly minimum: number;
  readonly maximum: number;
  /** What an absent parameter counts as; without it the parameter must be given. */
  readonly absent?: number;
}

/** WorkloadParameters of one request by name, as an experiment states them. */
export type WorkloadParameters = Readonly<Record<string, number>>;

/**
 * What is asked of a server, and the answer it must give. Every function throws `UsageError` `E_WORKLOAD_PARAMETER` when a parameter is
 * unknown, missing or out of range.
 */
export interface Workload {
  readonly id: string;
  /** Raised whenever the request or the answer changes: it is hashed into the cell id. */
  readonly version: number;
  readonly title: string;
  /** Whether the server waits or computes. */
  readonly kind: 'io' | 'cpu';
  readonly endpoint: Endpoint;
  readonly parameters: Readonly<Record<string, ParameterRange>>;
  /** The GET request: path and query, every parameter spelled out, in the contract's order. */
  request(parameters: WorkloadParameters): { readonly path: string };
  expected(parameters: WorkloadParameters): ExpectedAnswer;
  /** Time the server waits by definition; 0 where it computes. */
  waitSeconds(parameters: WorkloadParameters): Seconds;
}

/** What one workload has of its own; the rest follows. */
export interface WorkloadDefinition<Name extends string>
  extends Omit<Workload, 'request' | 'expected' | 'waitSeconds'> {
  readonly parameters: Readonly<Record<Name, ParameterRange>>;
  answer(values: Readonly<Record<Name, number>>): ExpectedAnswer;
  /** Seconds. */
  wait(values: Readonly<Record<Name, number>>): number;
}

/** Makes a workload from what it has of its own. */
export function defineWorkload<Name extends string>(definition: WorkloadDefinition<Name>): Workload {
  const { answer, wait, ...facts } = definition;
  const resolve = (parameters: WorkloadParameters) => resolveParameters(definition, parameters);
  return {
    ...facts,
    request: (parameters) => {
      const query = Object.entries(resolve(parameters)).map(([name, value]) => `${name}=${value}`);
      return { path: `${definition.endpoint}?${query.join('&')}` };
    },
    expected: (parameters) => answer(resolve(parameters)),
    waitSeconds: (parameters) => seconds(wait(resolve(parameters))),
  };
}

function resolveParameters<Name extends string>(
  definition: WorkloadDefinition<Name>,
  given: WorkloadParameters,
): Readonly<Record<Name, number>> {
  const names = Object.keys(definition.parameters) as Name[];
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(definition.parameters, name));
  if (unknown !== undefined) {
    const meant = nearest(unknown, names);
    throw parameterError(definition, unknown, {
      given: `${unknown}=${given[unknown]}`,
      allowed: names.join(', '),
      remedy: meant === null ? `leave ${unknown} out` : `did you mean ${meant}?`,
    });
  }
  const values = names.map((name) => [name, resolveValue(definition, name, given[name])] as const);
  return Object.fromEntries(values) as Record<Name, number>;
}

function resolveValue<Name extends string>(
  definition: WorkloadDefinition<Name>,
  name: Name,
  given: number | undefined,
): number {
  const { minimum, maximum, absent } = definition.parameters[name];
  const value = given ?? absent;
  if (value !== undefined && Number.isSafeInteger(value) && value >= minimum && value <= maximum) return value;
  throw parameterError(definition, name, {
    given: value === undefined ? 'nothing' : String(value),
    allowed: `a whole number from ${minimum} to ${maximum}`,
    remedy: `set ${name} to such a number`,
  });
}

function parameterError(
  { id }: { readonly id: string },
  name: string,
  parts: { readonly given: string; readonly allowed: string; readonly remedy: string },
): UsageError {
  return new UsageError('E_WORKLOAD_PARAMETER', {
    what: `the workload ${id} cannot be asked with this parameter`,
    where: `parameter ${name} of ${id}`,
    ...parts,
  });
}
