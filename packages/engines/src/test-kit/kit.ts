import { seconds } from '@photofinish/schema';
import { describe, expect, test } from 'vitest';
import type { Engine, ServerSpec } from '../engine.ts';
import { ServerStartError } from '../start-error.ts';

/** What an engine under test is given: specs of servers that behave in known ways. */
export interface EngineKit {
  readonly engine: Engine;
  /** A server that answers and stops on SIGTERM. */
  readonly good: ServerSpec;
  /** A server that never answers; it is given up after `readyWithin`. */
  readonly silent: ServerSpec;
  /** A server that prints `no luck today` and ends with exit code 3 before it answers. */
  readonly crashing: ServerSpec;
  /** A server that ignores SIGTERM. */
  readonly stubborn: ServerSpec;
}

const never = new AbortController().signal;

/** What every engine promises in `engine.ts`, as tests. `make` is called once for each. */
export function describeEngine(name: string, make: () => Promise<EngineKit>): void {
  describe(`the engine ${name}`, () => {
    test('starts a server that answers, and stops it with exit code 0', async () => {
      const { engine, good } = await make();
      const server = await engine.start(good, never);
      expect(server.port).toBeGreaterThan(0);
      expect(server.cores).toEqual(good.cores);
      const stopped = await server.stop();
      expect(stopped.exit).toEqual({ code: 0, signal: null, reason: 'own' });
      expect(stopped.forced).toBe(false);
      expect(await server.ended).toEqual({ code: 0, signal: null, reason: 'own' });
    });

    test('stops a server that is disposed of, and stops it only once', async () => {
      const { engine, good } = await make();
      const server = await engine.start(good, never);
      await server[Symbol.asyncDispose]();
      expect(await server.stop()).toBe(await server.stop());
    });

    test('gives a server up that never answers', async () => {
      const { engine, silent } = await make();
      const error = await engine.start(silent, never).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(ServerStartError);
      expect((error as ServerStartError).failure).toBe('never-healthy');
    });

    test('repeats the last words of a server that ends before it answers', async () => {
      const { engine, crashing } = await make();
      const error = (await engine.start(crashing, never).catch((caught: unknown) => caught)) as ServerStartError;
      expect(error.failure).toBe('crashed');
      expect(error.lastWords).toContain('no luck today');
    });

    test('kills a server that ignores SIGTERM, and says so', async () => {
      const { engine, stubborn } = await make();
      const server = await engine.start({ ...stubborn, stopWithin: seconds(0.3) }, never);
      expect((await server.stop()).forced).toBe(true);
    });

    test('starts nothing once it is aborted', async () => {
      const { engine, good } = await make();
      await expect(engine.start(good, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    });

    test('leases a core to one holder at a time and frees it afterwards', async () => {
      const { engine } = await make();
      const holder = { runId: 'first', since: '2026-01-01T00:00:00Z', version: '0' };
      const core = 9001;
      const lease = await engine.lease([core], holder);
      await expect(engine.lease([9002, core], { ...holder, runId: 'second' })).rejects.toMatchObject({
        code: 'E_CORES_TAKEN',
      });
      const other = await engine.lease([9002], holder);
      await other[Symbol.asyncDispose]();
      await lease[Symbol.asyncDispose]();
      const again = await engine.lease([core], holder);
      await again[Symbol.asyncDispose]();
    });
  });
}
