// Processor time per request of the native core beside wrk's: the same null server, the same connections, one core for the generator and
// another for the server, in alternating pairs so that the host's drift favours neither.
//
//   pnpm --filter @photofinish/loadgen bench --pairs 10 --seconds 2 --connections 50
//
// Needs wrk (on Debian: apt-get install wrk), bash, and two cores: 0 for the generators, 1 for the server.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LoadEvent, type LoadJob, seconds } from '@photofinish/schema';
import { builtCore, startFixture } from '../src/test-kit/native.ts';
import { pairedRatio } from './paired-ratio.ts';
import { timed } from './processor-time.ts';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '50' },
  },
});
const pairs = Number(values.pairs);
const length = Number(values.seconds);
const connections = Number(values.connections);
const generatorCore = 0;
const serverCore = 1;

/** Microseconds of processor time per request, and requests per second. */
interface Cost {
  readonly user: number;
  readonly system: number;
  readonly total: number;
  readonly rate: number;
}

const costOf = (
  requests: number,
  { userSeconds, systemSeconds }: { userSeconds: number; systemSeconds: number },
): Cost => ({
  user: (userSeconds / requests) * 1e6,
  system: (systemSeconds / requests) * 1e6,
  total: ((userSeconds + systemSeconds) / requests) * 1e6,
  rate: requests / length,
});

async function wrk(port: number): Promise<Cost> {
  const load = ['wrk', '-t1', `-c${connections}`, `-d${length}s`, `http://127.0.0.1:${port}/`];
  const ended = await timed(['taskset', '-c', String(generatorCore), ...load]);
  const requests = Number(/(\d+) requests in/.exec(ended.output)?.[1]);
  if (/Non-2xx|Socket errors/.test(ended.output)) throw new Error(`wrk saw errors:\n${ended.output}`);
  return costOf(requests, ended);
}

function job(port: number): LoadJob {
  return {
    schemaVersion: 1,
    seed: 1,
    address: { host: '127.0.0.1', port },
    cores: [generatorCore],
    pacing: 'sleep',
    classes: [
      {
        id: 'null',
        path: '/',
        expected: { status: 200, contentType: 'text/plain; charset=utf-8', body: 'ok' },
        arrivals: { loop: 'closed', connections, rampSeconds: seconds(0.05) },
        bodySample: 1 / 64,
      },
    ],
    warmup: { minimumSeconds: seconds(0.1), minimumResponses: 0, maximumSeconds: seconds(0.1) },
    window: { seconds: seconds(length - 0.1), minimumResponses: 0, maximumSeconds: seconds(length - 0.1) },
    drain: { maximumSeconds: seconds(1) },
    timeoutSeconds: seconds(10),
    handshake: false,
  };
}

async function ours(jobFile: string): Promise<Cost> {
  const ended = await timed([builtCore.path, 'load', '--job', jobFile]);
  const last = LoadEvent.parse(JSON.parse(ended.output.trim().split('\n').at(-1) ?? ''));
  if (last.event !== 'result') throw new Error(ended.output);
  const { warmup, classes } = last.result;
  const [one] = classes;
  if (one === undefined || one.answered + one.censored !== one.intended) throw new Error('there were errors');
  return costOf(warmup.responses + one.completedInWindow, ended);
}

const show = ({ total, user, system, rate }: Cost) =>
  `${total.toFixed(2)} us (user ${user.toFixed(2)}, system ${system.toFixed(2)}), ${Math.round(rate)}/s`;
const print = (line: string) => process.stdout.write(`${line}\n`);

const folder = await mkdtemp(join(tmpdir(), 'photofinish-bench-'));
try {
  await using server = await startFixture('--mode', 'null', '--cores', String(serverCore));
  const jobFile = join(folder, 'job.json');
  await writeFile(jobFile, JSON.stringify(job(server.port)));
  print(`processor time per request, ${connections} connections, ${length} s each, closed loop, null server`);
  const costs: [Cost, Cost][] = [];
  for (let pair = 1; pair <= pairs; pair++) {
    const first = pair % 2 === 1 ? await wrk(server.port) : null;
    const own = await ours(jobFile);
    const other = first ?? (await wrk(server.port));
    costs.push([own, other]);
    print(`pair ${pair}: photofinish-native ${show(own)}; wrk ${show(other)}`);
  }
  const { ratio, lower, upper } = pairedRatio(costs.map(([own, other]) => [own.total, other.total]));
  print(
    `photofinish-native / wrk: ${ratio.toFixed(3)} (95 % interval ${lower.toFixed(3)} to ${upper.toFixed(3)}, ${pairs} pairs)`,
  );
} finally {
  await rm(folder, { recursive: true });
}
