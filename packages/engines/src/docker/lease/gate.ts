import { setTimeout as delay } from 'node:timers/promises';
import { LeaseError } from '@photofinish/schema';
import type Dockerode from 'dockerode';
import { harnessState } from '../../local/leftovers.ts';
import { timely } from '../calls.ts';
import type { DockerConnection } from '../connection/connection.ts';
import { statusOf, tolerating } from '../errors.ts';
import { labels, ownLabels } from '../labels.ts';

/** The name of the gate: the daemon gives a name to one container at a time, so that it is the arbiter among all that come at once. */
const gateName = 'photofinish-lease-gate';
/** Label of a gate, which is never started. */
const gateLabel = 'dev.photofinish.gate';

/** Passing the gate takes well under a second; one that stands longer belongs to a harness that died in it. */
const staleAfter = 20;
const giveUpAfter = 60_000;
const longestWait = 250;

/** What is needed of a connection. */
export type GateAccess = Pick<DockerConnection, 'client' | 'local'>;

/** Being alone at the gate of an engine. Disposing of it lets the next one in. */
export interface Gate extends AsyncDisposable {
  /** Whether nobody took the gate for abandoned meanwhile. */
  isOurs(): Promise<boolean>;
}

/** Waits until this process is alone at the gate. Throws `LeaseError` `E_LEASE_GATE` after a minute, and what the engine answers. */
export async function passGate({ client, local }: GateAccess, image: string, runId: string): Promise<Gate> {
  const deadline = performance.now() + giveUpAfter;
  const body = {
    name: gateName,
    Image: image,
    Entrypoint: ['/usr/local/bin/photofinish-native'],
    Cmd: ['version'],
    Labels: { ...(await ownLabels(runId, 'lease')), [gateLabel]: 'true' },
    HostConfig: { NetworkMode: 'none' },
  };
  for (let wait = 10; ; wait = Math.min(longestWait, wait * 2)) {
    try {
      const container = await timely((abortSignal) => client.createContainer({ ...body, abortSignal }));
      return {
        isOurs: async () => (await gateId(client)) === container.id,
        [Symbol.asyncDispose]: () => remove(container),
      };
    } catch (error) {
      if (statusOf(error) !== 409) throw error;
    }
    if (performance.now() > deadline) throw gateError();
    await removeStale(client, local);
    // Not all at once again: those that wait draw lots.
    await delay(wait * (0.5 + Math.random()));
  }
}

async function gateId(client: Dockerode): Promise<string | null> {
  return (await standingGate(client))?.Id ?? null;
}

async function standingGate(client: Dockerode): Promise<Dockerode.ContainerInfo | undefined> {
  const found = await timely((abortSignal) =>
    client.listContainers({ all: true, filters: { label: [gateLabel] }, abortSignal }),
  );
  return found.find(({ Names }) => Names.includes(`/${gateName}`));
}

/** Age is judged by the engine's own clock: that of another machine may differ from ours. */
async function removeStale(client: Dockerode, local: boolean): Promise<void> {
  const gate = await standingGate(client);
  const owner = gate?.Labels[labels.owner];
  if (gate === undefined || owner === undefined) return;
  if (!local || (await harnessState(owner)) !== 'gone') {
    const { SystemTime } = (await timely(() => client.info())) as { SystemTime: string };
    if (Date.parse(SystemTime) / 1000 - gate.Created < staleAfter) return;
  }
  await remove(client.getContainer(gate.Id));
}

const remove = (container: Dockerode.Container) =>
  tolerating([404, 409], () => timely((abortSignal) => container.remove({ force: true, v: true, abortSignal })));

function gateError(): LeaseError {
  return new LeaseError('E_LEASE_GATE', {
    what: `Other runs kept the gate to the leases of this container engine for ${giveUpAfter / 1000} s.`,
    where: gateName,
    remedy: `See who holds it with \`docker inspect ${gateName}\`; try again when those runs have begun.`,
  });
}
