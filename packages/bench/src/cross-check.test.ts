import { startCalibrationServer } from '@photofinish/loadgen';
import { execa } from 'execa';
import { describe, expect, type TestContext, test } from 'vitest';
import { pairedRatio } from './document/ratio.ts';
import { use } from './measuring/use.ts';
import { h2load } from './peers/h2load.ts';
import { jobOf, own, resultIn } from './peers/own.ts';
import type { Load, Peer } from './peers/peer.ts';
import { versionOf } from './peers/registry.ts';
import { wrk } from './peers/wrk.ts';
import { neededCore } from './test-kit/core.ts';

/** The bound of the method, section 20: throughputs further apart than this are not of the same server. */
const bound = 0.1;
/** A server whose answers were late by more than this share of the hold, on the mean, had no core: the host decided, and not the server. */
const latenessOfCalm = 0.05;
const never = new AbortController().signal;
const missing: Peer[] = [];
for (const peer of [wrk, h2load]) if ((await versionOf(peer)) === null) missing.push(peer);

function needPeers(context: TestContext) {
  for (const { id, install } of missing) context.skip(`${id} was not found: ${install}`);
}

/**
 * Bodies, and how long the server holds each answer, so that its pace decides and not what a generator costs: what a generator that is cheaper
 * than another does on a faster server is no error of either. Long enough in all that the first and the last hold, of which the peers lose a
 * part and ours none, are a small share. In each round every generator has one turn.
 */
const bodies = [
  { name: '2 B', bytes: 2, milliseconds: 10, connections: 32, seconds: 1, rounds: 4 },
  { name: '64 KiB', bytes: 64 * 1024, milliseconds: 10, connections: 16, seconds: 1, rounds: 4 },
  { name: '8 MiB', bytes: 8 * 1024 * 1024, milliseconds: 100, connections: 2, seconds: 4, rounds: 3 },
] as const;
type Body = (typeof bodies)[number];

const loadOf = ({ bytes, connections, seconds }: Body, port: number): Load => ({
  url: `http://127.0.0.1:${port}/`,
  connections,
  seconds,
  rate: null,
  bodyBytes: bytes,
});

const fixtureOf = ({ bytes, milliseconds }: Body) => ['delay', '--ms', String(milliseconds), '--bytes', String(bytes)];

describe.concurrent('beside wrk and h2load', () => {
  test.for(bodies)(
    'the closed loop counts the same throughput, bodies of $name',
    { timeout: 120_000 },
    async (body, context) => {
      needPeers(context);
      const core = neededCore(context);
      await using server = await startCalibrationServer(core, fixtureOf(body));
      const load = loadOf(body, server.port);
      const ways = [own(core, []), wrk.closed, h2load.closed];
      const rates = ways.map((): number[] => []);
      for (let round = 0; round < body.rounds; round++) {
        // Each generator comes first, in the middle and last in turn.
        for (let turn = 0; turn < ways.length; turn++) {
          const index = (turn + round) % ways.length;
          const way = ways[index];
          if (way === undefined) continue;
          const reading = await use(way, load, { core, cores: [] }, never);
          expect(reading.errors, `${way.id} saw errors`).toBe(0);
          rates[index]?.push(reading.rate);
        }
      }
      const [mine = [], ...theirs] = rates;
      const { lag } = await server.account();
      const isCalm = lag.meanSeconds < latenessOfCalm * (body.milliseconds / 1000);
      // A connection gets an answer a hold and no more, whatever the host does.
      const ceiling = body.connections * (Math.floor((body.seconds * 1000) / body.milliseconds) + 1);
      for (const rate of mine) expect(rate * body.seconds).toBeLessThanOrEqual(ceiling);
      for (const [index, peer] of [wrk, h2load].entries()) {
        const { ratio, interval } = pairedRatio(mine, theirs[index] ?? []);
        const isApart = interval.lower > 1 + bound || interval.upper < 1 / (1 + bound);
        const isWithin = interval.lower > 1 / (1 + bound) && interval.upper < 1 + bound;
        const words = `${body.name}: ours over ${peer.id} ${ratio.toFixed(3)} (${interval.lower.toFixed(3)} to ${interval.upper.toFixed(3)})`;
        const judgement = isWithin ? 'agrees' : isApart && isCalm ? 'differs' : 'inconclusive, the host is too busy';
        await context.annotate(`${words}: ${judgement}`);
        expect(judgement, words).not.toBe('differs');
      }
    },
  );

  test.for(bodies)('every count adds up, bodies of $name', async (body, context) => {
    const core = neededCore(context);
    await using server = await startCalibrationServer(core, fixtureOf(body));
    // The input stays open: its end would be taken for the end of whoever asked.
    const child = execa(core.path, ['load'], { stdin: 'pipe' });
    child.stdin.write(`${JSON.stringify(jobOf(loadOf(body, server.port), []))}\n`);
    const { classes, warmup } = resultIn((await child).stdout);
    const { requests: served } = await server.account();
    for (const one of classes) {
      const errors = Object.values(one.errors).reduce((sum, count) => sum + count, 0);
      expect(one.intended).toBe(one.answered + errors + one.censored);
      expect(one.sent).toBe(one.intended);
      expect(errors + one.censored).toBe(0);
      expect(one.bodyBytes).toBe(one.answered * body.bytes);
      // The server saw these and those of warm-up, and besides at most what was under way at the two edges and in the drain.
      const counted = warmup.responses + one.answered;
      expect(served).toBeGreaterThanOrEqual(counted);
      expect(served).toBeLessThanOrEqual(counted + 4 * body.connections);
    }
  });
});
