import { accessSync, constants } from 'node:fs';
import { isIPv4 } from 'node:net';
import { join } from 'node:path';
import { readDigits } from '../contract/digits.ts';
import { badEnvironment } from './refusal.ts';

/** Everything a target may vary, as the environment gives it. */
export interface Settings {
  readonly host: string;
  /** 0 asks for a free port. */
  readonly port: number;
  readonly model: string;
  readonly nonce: string;
  /** Cores granted by the plan; never detected. */
  readonly cores: number;
  /** Size of the request thread pool, where the model has one. */
  readonly threads: number;
  /** Size of the pool for off-loaded CPU work, where the model has one. */
  readonly cpuPool: number;
  readonly payloadFile: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings of `model`. Throws a `Refusal` that lists every variable which is missing or out of range. */
export const readSettings = (environment: Environment, model: string): Settings => {
  const problems: string[] = [];

  const word = (name: string, allowed: string, isAllowed: (value: string) => boolean): string => {
    const value = environment[name] ?? '';
    if (value === '') problems.push(`${name} is missing`);
    else if (!isAllowed(value)) problems.push(`${name} must be ${allowed}, not ${JSON.stringify(value)}`);
    return value;
  };
  const wholeNumber = (name: string, from: number, to: number): number => {
    const value = word(
      name,
      `a whole number from ${from} to ${to}`,
      (digits) => readDigits(digits, from, to) !== undefined,
    );
    return Number(value);
  };
  const payloadFile = (folder: string): string => join(folder, 'payload.json');

  const settings: Settings = {
    host: word('HOST', 'an IPv4 address', isIPv4),
    port: wholeNumber('PORT', 0, 65_535),
    model: word('MODEL', `"${model}", the model started`, (value) => value === model),
    nonce: word('TRIAL_NONCE', 'at most 200 characters long', (value) => value.length <= 200),
    cores: wholeNumber('CORES', 1, 1024),
    threads: wholeNumber('THREADS', 1, 100_000),
    cpuPool: wholeNumber('CPU_POOL', 1, 1024),
    payloadFile: payloadFile(
      word('DATA_DIR', 'a folder with payload.json', (folder) => isReadable(payloadFile(folder))),
    ),
  };
  if (problems.length > 0) throw badEnvironment(problems);
  return settings;
};

const isReadable = (file: string): boolean => {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
};
