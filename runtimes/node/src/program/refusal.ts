/** Why a target does not start: one line for people and an exit status for the harness. */
export class Refusal extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Something in the environment is missing or out of range. */
export const badEnvironment = (problems: readonly string[]): Refusal => new Refusal(problems.join('; '), 2);

/** The address cannot be listened on. */
export const cannotListen = (host: string, port: number, reason: string): Refusal =>
  new Refusal(`cannot listen on ${host}:${port}: ${reason}`, 3);
