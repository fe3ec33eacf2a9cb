import { EnvironmentError, type TopologyCore, TopologyReport } from '@photofinish/schema';
import type Docker from 'dockerode';
import { inTime } from '../calls.ts';
import { ownLabels } from '../labels.ts';
import { unframed } from '../logs.ts';

const nativeCore = '/usr/local/bin/photofinish-native';

/**
 * The online cores of an engine's host as its kernel describes them, told by the native core in a short container there. `image` holds the
 * native core. Throws `EnvironmentError` `E_TOPOLOGY` when it cannot be told.
 */
export async function readRemoteTopology(client: Docker, image: string, runId: string): Promise<TopologyCore[]> {
  const container = await client.createContainer({
    Image: image,
    Cmd: [nativeCore, 'topology'],
    Labels: await ownLabels(runId, 'server'),
    NetworkDisabled: true,
    HostConfig: { ReadonlyRootfs: true, CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'] },
  });
  try {
    await container.start();
    await container.wait({ abortSignal: inTime() });
    const output = await container.logs({ stdout: true, stderr: true, follow: false });
    return coresIn(unframed(output));
  } finally {
    await container.remove({ force: true });
  }
}

function coresIn(text: string): TopologyCore[] {
  const parsed = TopologyReport.safeParse(parsedOrNull(text));
  if (parsed.success) return parsed.data.cores;
  throw new EnvironmentError('E_TOPOLOGY', {
    what: 'The cores of the remote host could not be read.',
    given: text === '' ? 'nothing was printed' : text.slice(0, 500),
    remedy: 'Build the image of the native core anew: photofinish build native.',
  });
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
