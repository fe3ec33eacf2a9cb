/** What an error means for the person at the terminal; `cli` maps it to the exit code of the design. */
export type ErrorKind =
  | 'internal'
  | 'usage'
  | 'environment'
  | 'measurement'
  | 'results'
  | 'lease'
  | 'environment-lost'
  | 'interrupted';

/** The parts of an error message, each optional but the first two. */
export interface ErrorParts {
  /** One sentence: what went wrong. */
  readonly what: string;
  /** What to do about it: a command where there is one. */
  readonly remedy: string;
  /** The file, line, flag or phase concerned. */
  readonly where?: string;
  /** What was found there. */
  readonly given?: string;
  /** What would have been accepted. */
  readonly allowed?: string;
  readonly cause?: unknown;
}

/** Base of every error that Photofinish expects: a stable code, the parts of its message and a kind. Libraries throw it, only `cli` prints it. */
export abstract class PhotofinishError extends Error {
  abstract readonly kind: ErrorKind;
  readonly code: string;
  readonly what: string;
  readonly remedy: string;
  readonly where: string | undefined;
  readonly given: string | undefined;
  readonly allowed: string | undefined;

  constructor(code: string, parts: ErrorParts) {
    super(parts.what, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = new.target.name;
    this.code = code;
    this.what = parts.what;
    this.remedy = parts.remedy;
    this.where = parts.where;
    this.given = parts.given;
    this.allowed = parts.allowed;
  }
}

/** The command line or a configuration file asks for something that does not exist or is out of range. */
export class UsageError extends PhotofinishError {
  readonly kind = 'usage';
}

/** Something the machine must offer is missing; the remedy is the command that supplies it. */
export class EnvironmentError extends PhotofinishError {
  readonly kind = 'environment';
}

/** A measurement failed or is incomplete. */
export class MeasurementError extends PhotofinishError {
  readonly kind = 'measurement';
}

/** Results on disk are damaged or contradict themselves. */
export class ResultsError extends PhotofinishError {
  readonly kind = 'results';
}

/** Another run holds the cores asked for. */
export class LeaseError extends PhotofinishError {
  readonly kind = 'lease';
}

/** The disk, the lease or the instrument was lost while a run was under way; what is finished is kept. */
export class EnvironmentLostError extends PhotofinishError {
  readonly kind = 'environment-lost';
}

/** A signal ended the run; what is finished is kept. */
export class InterruptedError extends PhotofinishError {
  readonly kind = 'interrupted';
  readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP';

  constructor(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', parts: ErrorParts) {
    super('E_INTERRUPTED', parts);
    this.signal = signal;
  }
}
