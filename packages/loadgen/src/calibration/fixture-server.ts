import { FixtureAccount, MeasurementError } from '@photofinish/schema';
import { execa } from 'execa';
import type { NativeCore } from '../native/core.ts';

/** A running fixture of the native core; it ends when this is disposed. */
export interface CalibrationServer extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  /** Its own account since it was last asked for. */
  account(): Promise<FixtureAccount>;
}

/**
 * Starts `photofinish-native fixture` with these options; it ends with this process, however that ends. Throws `MeasurementError` `E_FIXTURE_FAILED` with its words when it does not
 * listen.
 */
export async function startCalibrationServer(core: NativeCore, options: readonly string[]): Promise<CalibrationServer> {
  const child = execa(core.path, ['fixture', '--until-input-ends', ...options], {
    stdin: 'pipe',
    buffer: { stdout: false },
    reject: false,
    env: {},
    extendEnv: false,
  });
  child.stdin.on('error', () => {});
  const ended = child.then(({ stderr }) => stderr);
  const firstLine = new Promise<string>((resolve) => child.stdout.setEncoding('utf8').once('data', resolve));
  const line = await Promise.race([firstLine, ended]);
  const port = Number(/^listening (\d+)\n/.exec(line)?.[1]);
  if (!(port > 0)) {
    child.kill('SIGKILL');
    throw new MeasurementError('E_FIXTURE_FAILED', {
      what: `The fixture ${options.join(' ')} did not listen.`,
      given: line.trim(),
      remedy: 'photofinish doctor says whether the native core works.',
    });
  }
  return {
    port,
    pid: child.pid ?? 0,
    account: async () => FixtureAccount.parse(await (await fetch(`http://127.0.0.1:${port}/.account`)).json()),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      child.stdout.resume();
      await ended;
    },
  };
}
