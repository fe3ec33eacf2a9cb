import { harnessState } from '../../local/leftovers.ts';
import { timely } from '../calls.ts';
import type { DockerConnection } from '../connection/connection.ts';
import { engineError } from '../errors.ts';
import { heldLeases } from '../lease/holders.ts';
import { type LabelledObject, labelledObjects, removeObject, removeObjects } from './objects.ts';

/** Something of ours that an engine still holds for a run that is over. */
export type ContainerLeftover = LabelledObject;

/** What is needed of a connection. */
export type LeftoverAccess = Pick<DockerConnection, 'client' | 'local'>;

/**
 * Of a harness on another machine or in another container nobody here can say whether it lives, and a run that is just beginning has no lease yet.
 * After so many seconds it has, and a lease without its holder (30 s) has ended.
 */
const youngestJudgedUnseen = 60;

/**
 * Every container, network and volume with all of our labels whose run holds no lease and whose harness is gone or, where that cannot be seen from
 * here, which is older than a minute. Containers come first, the order of removal. Nothing is removed. Throws what the engine answers.
 */
export async function findContainerLeftovers(connection: LeftoverAccess): Promise<ContainerLeftover[]> {
  const { client, local } = connection;
  try {
    // Objects before leases: a run takes its lease first, so that what is seen here has its lease seen as well.
    const objects = await labelledObjects(client);
    const held = new Set((await heldLeases(client)).map(({ holder }) => holder.runId));
    const now = await engineTime(client);
    const judged = await Promise.all(
      objects.map(async (one) => {
        if (held.has(one.runId)) return false;
        const harness = local ? await harnessState(one.owner) : 'elsewhere';
        return harness === 'elsewhere' ? now - one.createdAt > youngestJudgedUnseen : harness === 'gone';
      }),
    );
    return objects.filter((_, index) => judged[index]);
  } catch (error) {
    throw engineError(error, 'leftovers were looked for');
  }
}

async function engineTime(client: DockerConnection['client']): Promise<number> {
  const { SystemTime } = (await timely(() => client.info())) as { SystemTime: string };
  return Date.parse(SystemTime) / 1000;
}

/** Removes one leftover. Does nothing when it is gone. Throws what the engine answers. */
export async function removeContainerLeftover({ client }: LeftoverAccess, leftover: ContainerLeftover): Promise<void> {
  try {
    await removeObject(client, leftover);
  } catch (error) {
    throw engineError(error, `the ${leftover.type} ${leftover.name} was removed`);
  }
}

/** Removes what dead runs left, at the start of a run; gives what was removed, for people to read. Throws what the engine answers. */
export async function reapDeadRuns(connection: LeftoverAccess): Promise<ContainerLeftover[]> {
  const leftovers = await findContainerLeftovers(connection);
  try {
    await removeObjects(connection.client, leftovers);
  } catch (error) {
    throw engineError(error, 'leftovers of dead runs were removed');
  }
  return leftovers;
}
