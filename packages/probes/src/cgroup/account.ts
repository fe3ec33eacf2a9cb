import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unseen } from './location.ts';

/** Counters of one control group at one instant, since the group was made. Seconds, bytes, counts; null where the kernel keeps no such account. */
export interface GroupReading {
  /** All tasks that are or were in the group, ended ones included. */
  readonly cpuUserSeconds: number;
  readonly cpuSystemSeconds: number;
  /** Time the group wanted to execute but its quota was spent, and in how many periods. */
  readonly throttledSeconds: number;
  readonly throttledPeriods: number;
  /** Memory charged now, and the part of it that is page cache nobody used lately. */
  readonly usageBytes: number;
  readonly inactiveFileBytes: number;
  readonly peakBytes: number | null;
  readonly kernelStackBytes: number | null;
  readonly outOfMemoryKills: number | null;
  /** Time in which some task waited for a core (PSI, line `some`). */
  readonly pressureSeconds: number | null;
}

/** One dialect of control groups. All reading is synchronous: the files are made by the kernel on the spot, and an edge must be short. */
export interface GroupAccount extends Disposable {
  readonly source: 'cgroup-v1' | 'cgroup-v2';
  /** Sets the peak back to the present value. False where that is refused. */
  resetPeak(): boolean;
  /** Throws `MeasurementError` `E_PROBE` when the group is gone, `EnvironmentError` `E_CGROUP` when a counter is missing. */
  read(): GroupReading;
}

/** Text of a file in a group's folder; null where there is none. */
function optionalText(folder: string, name: string): string | null {
  try {
    return readFileSync(join(folder, name), 'latin1');
  } catch {
    return null;
  }
}

/** A number that is a whole file; `max` and a missing file are null. */
export function optionalNumber(folder: string, name: string): number | null {
  return numberIn(optionalText(folder, name));
}

/** The number a text is; null where it is none. */
export function numberIn(text: string | null): number | null {
  return text !== null && /^\d+\s*$/.test(text) ? Number(text) : null;
}

/** A number that is a whole file. Throws `EnvironmentError` `E_CGROUP` where it is missing. */
export function requiredNumber(folder: string, name: string): number {
  const value = optionalNumber(folder, name);
  if (value !== null) return value;
  throw unseen(`${name} is missing or holds no number`);
}

/** Fields of a flat keyed file, `key value` a line (kernel: cgroup-v2.rst, "Format"). Fields behave as `requiredNumber` and `optionalNumber` do. */
export class KeyedFile {
  private readonly name: string;
  private readonly fields: ReadonlyMap<string, number>;

  constructor(folder: string, name: string) {
    this.name = name;
    const lines = (optionalText(folder, name) ?? '').split('\n').map((line) => line.split(' '));
    this.fields = new Map(lines.flatMap(([key = '', value = '']) => (value === '' ? [] : [[key, Number(value)]])));
  }

  optional(key: string): number | null {
    return this.fields.get(key) ?? null;
  }

  required(key: string): number {
    const value = this.optional(key);
    if (value !== null) return value;
    throw unseen(`${this.name} has no field ${key}`);
  }
}

/** Seconds in which some task of a group waited for a core, from `cpu.pressure` (kernel: psi.rst); null where the kernel keeps no such account. */
export function pressureSeconds(folder: string | null): number | null {
  if (folder === null) return null;
  const total = /^some .*\btotal=(\d+)/m.exec(optionalText(folder, 'cpu.pressure') ?? '')?.[1];
  return total === undefined ? null : Number(total) / 1e6;
}
