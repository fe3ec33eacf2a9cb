import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NativeCore, startCalibrationServer, startMetering } from '@photofinish/loadgen';
import { LoadEvent, type LoadJob, seconds } from '@photofinish/schema';
import { execa } from 'execa';

/** Requests per second of a saturated server without the meter and with it. */
export type CostPair = readonly [without: number, withMeter: number];

const serverCore = 1;
const windowSeconds = 1.5;

const job = (port: number): LoadJob => ({
  schemaVersion: 1,
  seed: 1,
  address: { host: '127.0.0.1', port },
  cores: [0],
  pacing: 'sleep',
  classes: [
    {
      id: 'null',
      path: '/',
      expected: { status: 200, contentType: 'text/plain; charset=utf-8', body: 'ok' },
      arrivals: { loop: 'closed', connections: 64, rampSeconds: seconds(0.05) },
      bodySample: 1 / 64,
    },
  ],
  warmup: { minimumSeconds: seconds(0.3), minimumResponses: 0, maximumSeconds: seconds(0.3) },
  window: { seconds: seconds(windowSeconds), minimumResponses: 0, maximumSeconds: seconds(windowSeconds) },
  drain: { maximumSeconds: seconds(1) },
  timeoutSeconds: seconds(10),
  handshake: false,
});

async function throughput(core: NativeCore, jobFile: string): Promise<number> {
  const { stdout } = await execa(core.path, ['load', '--job', jobFile]);
  const last = LoadEvent.parse(JSON.parse(stdout.split('\n').at(-1) ?? ''));
  if (last.event !== 'result') throw new Error(stdout);
  const [one] = last.result.classes;
  return (one?.completedInWindow ?? 0) / last.result.window.seconds;
}

async function metered<T>(core: NativeCore, work: () => Promise<T>): Promise<T> {
  using metering = startMetering(core, [serverCore]);
  const done = await work();
  await metering.finish();
  return done;
}

/** Alternates the same load with and without the meter on the core of the server, which it saturates. */
export async function measureCost(core: NativeCore, pairs: number): Promise<CostPair[]> {
  const folder = await mkdtemp(join(tmpdir(), 'photofinish-meter-cost-'));
  try {
    await using server = await startCalibrationServer(core, ['null', '--cores', String(serverCore)]);
    const jobFile = join(folder, 'job.json');
    await writeFile(jobFile, JSON.stringify(job(server.port)));
    const measured: CostPair[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const before = pair % 2 === 0 ? await throughput(core, jobFile) : null;
      const withMeter = await metered(core, () => throughput(core, jobFile));
      measured.push([before ?? (await throughput(core, jobFile)), withMeter]);
    }
    return measured;
  } finally {
    await rm(folder, { recursive: true });
  }
}
