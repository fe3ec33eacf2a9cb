import { MeasurementError, type ServerExit } from '@photofinish/schema';

/** A server that did not come to its first correct answer. The cause goes into the trial record. */
export class ServerStartError extends MeasurementError {
  readonly failure: 'never-healthy' | 'crashed';
  readonly lastWords: string;
  readonly exit: ServerExit | null;

  constructor(failure: 'never-healthy' | 'crashed', what: string, lastWords: string, exit: ServerExit | null) {
    super('E_SERVER_START', {
      what,
      remedy: 'Start it by hand with `photofinish serve <target>` and read what it prints.',
      ...(lastWords === '' ? {} : { given: lastWords.slice(-2000) }),
    });
    this.failure = failure;
    this.lastWords = lastWords;
    this.exit = exit;
  }
}
