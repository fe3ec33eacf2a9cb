import { Environment, formatVersion, localAccount } from '@photofinish/schema';
import { specimenRunId } from './names.ts';

/** A quiet machine, or one that shows shapes only. */
export function specimenEnvironment(hostClass: 'full' | 'shape-only'): Environment {
  return Environment.parse({
    schemaVersion: formatVersion,
    runId: specimenRunId,
    collectedAt: '2026-01-31T12:00:00.000Z',
    photofinish: { version: '0.1.0', commit: null, node: '26.10.0' },
    instrument: { version: '0.1.0', origin: 'built' },
    engine: localAccount,
    host: {
      cpuVendor: 'AuthenticAMD',
      cpuModel: 'EPYC',
      logicalCores: 8,
      physicalCores: 8,
      allowedCores: [0, 1, 2, 3],
      smtActive: false,
      virtualisation: null,
      architecture: 'x64',
      kernel: '6.18',
      operatingSystem: 'Linux',
      memoryBytes: 16e9,
      cgroupVersion: 'v2',
      governor: null,
      clockSource: 'tsc',
      fileDescriptorLimit: 65_536,
      loadAverage: 0,
    },
    topology: [
      { core: 0, physical: 0, package: 0, node: 0, isolated: false },
      { core: 1, physical: 1, package: 0, node: 0, isolated: false },
    ],
    hostKey: 'hk1-0123456789abcdef',
    hostClass,
    hostClassReasons: hostClass === 'full' ? [] : ['2 physical cores, 4 are needed for more than shapes'],
    conditions: [],
    toolchains: [],
  });
}
