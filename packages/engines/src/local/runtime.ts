import { glob, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type ModelManifest, problemsOf, RuntimeManifest, UsageError } from '@photofinish/schema';

/** A runtime's manifest and its folder. */
export interface Runtime {
  readonly folder: string;
  readonly manifest: RuntimeManifest;
}

/**
 * Reads every `<folder>/<id>/runtime.json`, in the order of ids. Throws `UsageError` naming the file and the field that is wrong, and when a
 * folder's name is not its id or an id stands twice.
 */
export async function readRuntimes(...folders: readonly string[]): Promise<Runtime[]> {
  const runtimes: Runtime[] = [];
  for (const folder of folders) {
    for await (const path of glob(join(folder, '*', 'runtime.json'))) {
      const runtime = { folder: dirname(path), manifest: await readManifest(path) };
      requireOwnName(runtime, runtimes);
      runtimes.push(runtime);
    }
  }
  return runtimes.sort((a, b) => (a.manifest.id < b.manifest.id ? -1 : 1));
}

function requireOwnName({ folder, manifest }: Runtime, others: readonly Runtime[]): void {
  const twin = others.find((other) => other.manifest.id === manifest.id);
  if (basename(folder) === manifest.id && twin === undefined) return;
  throw new UsageError('E_MANIFEST', {
    what: twin === undefined ? 'A runtime has another id than its folder.' : `The runtime ${manifest.id} stands twice.`,
    where: join(folder, 'runtime.json'),
    given: manifest.id,
    allowed: twin === undefined ? basename(folder) : `an id that ${join(twin.folder, 'runtime.json')} does not have`,
    remedy: 'Give the runtime an id of its own, and its folder the same name.',
  });
}

async function readManifest(path: string): Promise<RuntimeManifest> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new UsageError('E_MANIFEST', {
      what: 'A runtime manifest is not JSON.',
      where: path,
      remedy: 'Correct the file.',
      cause,
    });
  }
  const parsed = RuntimeManifest.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError('E_MANIFEST', {
    what: 'A runtime manifest does not fit its schema.',
    where: path,
    given: problemsOf(parsed.error),
    remedy: 'Correct the fields named; packages/schema/json/runtime.schema.json describes them.',
  });
}

/** The model of a target id `runtime/model`; null when there is none. */
export function findModel(
  runtimes: readonly Runtime[],
  targetId: string,
): { runtime: Runtime; model: ModelManifest } | null {
  const [runtimeId, modelId] = targetId.split('/');
  const runtime = runtimes.find((candidate) => candidate.manifest.id === runtimeId);
  const model = runtime?.manifest.models.find((candidate) => candidate.id === modelId);
  return runtime === undefined || model === undefined ? null : { runtime, model };
}

/** Ids of all targets, in the order of runtimes and of the models in their manifests. */
export function targetIds(runtimes: readonly Runtime[]): string[] {
  return runtimes.flatMap(({ manifest }) => manifest.models.map((model) => `${manifest.id}/${model.id}`));
}
