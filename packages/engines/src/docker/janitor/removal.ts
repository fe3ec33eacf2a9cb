import { setTimeout as delay } from 'node:timers/promises';
import { connectDocker } from '../connection/connection.ts';
import { labels } from '../labels.ts';
import { labelledObjects, removeObjects } from '../leftovers/objects.ts';
import type { JanitorOrder } from './janitor.ts';

/** A daemon that restarts is back within this time, or its containers are the business of the next run. */
const giveUpAfter = 60_000;
const pause = 200;
/** What the harness asked for in its last moment may still be under way: this many looks in a row must find nothing. */
const emptyLooks = 10;

/** Removes everything of one run of one harness, until nothing comes any more. Ends quietly when the engine cannot be reached in time. */
export async function removeRun({ options, runId, owner }: JanitorOrder): Promise<void> {
  const deadline = performance.now() + giveUpAfter;
  while (performance.now() < deadline) {
    const connection = await connectDocker(options).catch(() => null);
    if (connection !== null) {
      try {
        return await removeUntilEmpty(
          connection.client,
          [`${labels.run}=${runId}`, `${labels.owner}=${owner}`],
          deadline,
        );
      } catch {
        // A network whose last container is just leaving, a daemon that just went: another look will tell.
      } finally {
        await connection.close();
      }
    }
    await delay(pause);
  }
}

type Client = Awaited<ReturnType<typeof connectDocker>>['client'];

async function removeUntilEmpty(client: Client, wanted: readonly string[], deadline: number): Promise<void> {
  for (let empty = 0; empty < emptyLooks && performance.now() < deadline; ) {
    const objects = await labelledObjects(client, ...wanted);
    empty = objects.length === 0 ? empty + 1 : 0;
    await removeObjects(client, objects);
    await delay(pause);
  }
}
