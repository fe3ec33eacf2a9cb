import { chmod, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { connectDocker, type DockerConnection } from '../docker/connection/connection.ts';

const nativeCore = join(import.meta.dirname, '../../../loadgen/native/target/release/photofinish-native');

/** An image of a test, removed when it is disposed of. */
export interface ScratchImage extends AsyncDisposable {
  /** `sha256:...` */
  readonly id: string;
}

/**
 * An image that holds the native core at its place, the libraries it needs, and nothing else. It is put together from this machine's own files, so
 * that no base image is needed.
 */
export async function scratchNativeImage({ client }: DockerConnection): Promise<ScratchImage> {
  const folder = await mkdtemp(join(tmpdir(), 'pf-image-'));
  try {
    // The root of the image, which its ordinary user must pass.
    await chmod(folder, 0o755);
    const { stdout } = await execa('ldd', [nativeCore]);
    const libraries = [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);
    const files = [[nativeCore, '/usr/local/bin/photofinish-native'], ...libraries.map((path) => [path, path])];
    for (const [from = '', to = ''] of files) {
      await mkdir(dirname(join(folder, to)), { recursive: true });
      await cp(from, join(folder, to), { dereference: true });
    }
    await execa('tar', ['-cf', `${folder}.tar`, '-C', folder, '.']);
    const answer = await client.importImage(`${folder}.tar`, { changes: 'LABEL dev.photofinish.scratch=true' });
    return await imported(client, answer);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(`${folder}.tar`, { force: true });
  }
}

async function imported(client: DockerConnection['client'], answer: NodeJS.ReadableStream): Promise<ScratchImage> {
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  const id = /sha256:[0-9a-f]{64}/.exec(text)?.[0];
  if (id === undefined) throw new Error(`no image was imported: ${text}`);
  return {
    id,
    async [Symbol.asyncDispose]() {
      await client.getImage(id).remove({ force: true });
    },
  };
}

/** Why tests with the container engine of this machine cannot be had, in words for a skipped test; null when they can. */
export async function dockerLack(): Promise<string | null> {
  try {
    const connection = await connectDocker(hereOptions);
    await connection.close();
    return null;
  } catch (error) {
    return `no container engine: ${(error as Error).message}`;
  }
}

/** The container engine of this machine by its usual sockets. */
export const hereOptions = { environment: {}, home: '/nonexistent' };
