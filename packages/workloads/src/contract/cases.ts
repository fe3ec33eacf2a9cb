import type { WantedInfo } from '../info.ts';
import { type Endpoint, endpoints } from '../workload.ts';
import type { ContractCase } from './case.ts';
import { connectionCases } from './connection.ts';
import { drawFrom } from './draw.ts';
import { failCases } from './fail.ts';
import { healthCases } from './health.ts';
import { infoCases } from './info.ts';
import { jsonCases } from './json.ts';
import { routingCases } from './routing.ts';
import { spinCases } from './spin.ts';
import { timerCases } from './timer.ts';

/** What cases are made from. */
export interface CaseOptions {
  /** Seed of every drawn input; print it, so that a failure can be repeated. */
  readonly seed: number;
  /** Endpoints to judge; all when absent. `*` is what holds at all of them: paths, methods, connections. */
  readonly endpoints?: readonly Endpoint[];
  /** What is known of the server, to be found again in `/info`. */
  readonly wanted?: Partial<WantedInfo>;
  /** Requests the server must be able to hold at once; 16 when absent. */
  readonly parallel?: number;
  /** Connections opened at once; 500 when absent. */
  readonly burst?: number;
  /** Also judge what takes long: a connection idle for 10 s, 50 million steps, a hundred rounds. */
  readonly slow?: boolean;
}

/** Seconds that a connection must survive without a request, when slow cases are asked for. */
const idleSeconds = 10;

/** Every case of the contract for the endpoints asked for: the same list for the same options. */
export function contractCases(options: CaseOptions): ContractCase[] {
  const { seed, wanted = {}, parallel = 16, burst = 500, slow = false } = options;
  const byEndpoint: Readonly<Record<Endpoint, () => ContractCase[]>> = {
    '/health': healthCases,
    '/info': () => infoCases(wanted),
    '/timer': () => timerCases(drawFrom(seed, '/timer'), parallel),
    '/cpu/spin': () => spinCases(drawFrom(seed, '/cpu/spin'), slow),
    '/cpu/json': () => jsonCases(drawFrom(seed, '/cpu/json'), slow),
    '/fail': failCases,
    '*': () => [...routingCases(), ...connectionCases(drawFrom(seed, '*'), burst, slow ? idleSeconds : null)],
  };
  const asked = options.endpoints ?? endpoints;
  return endpoints.filter((endpoint) => asked.includes(endpoint)).flatMap((endpoint) => byEndpoint[endpoint]());
}
