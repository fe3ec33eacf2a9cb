import type { ModelManifest } from '@photofinish/schema';
import type { WantedInfo } from '@photofinish/workloads';

/** What one server is given: the contract's variables. */
export interface Grant {
  readonly cores: readonly number[];
  readonly threads: number;
  readonly cpuPool: number;
  readonly nonce: string;
  /** 0 picks a free port. */
  readonly port: number;
}

/** Where a server listens and where its data lies. */
export interface Surroundings {
  readonly host: string;
  readonly port: number;
  readonly dataFolder: string;
}

/** The contract's variables of a server. */
export function contractVariables(
  model: ModelManifest,
  grant: Grant,
  { host, port, dataFolder }: Surroundings,
): Record<string, string> {
  return {
    HOST: host,
    PORT: String(port),
    MODEL: model.id,
    TRIAL_NONCE: grant.nonce,
    CORES: String(grant.cores.length),
    THREADS: String(grant.threads),
    CPU_POOL: String(grant.cpuPool),
    DATA_DIR: dataFolder,
  };
}

/** What the `/info` of a server must say with this grant. */
export function wantedInfo(runtime: string, model: ModelManifest, grant: Grant): WantedInfo {
  return {
    runtime,
    model: model.id,
    nonce: grant.nonce,
    cores: grant.cores.length,
    processes: model.processes === 'cores' ? grant.cores.length : 1,
    threads: model.pools.includes('THREADS') ? grant.threads : null,
    cpuPool: model.pools.includes('CPU_POOL') ? grant.cpuPool : null,
  };
}
