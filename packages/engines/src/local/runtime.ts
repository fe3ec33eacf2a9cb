import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ModelManifest, problemsOf, RuntimeManifest, UsageError } from '@photofinish/schema';

/** A runtime's manifest and its folder. */
export interface Runtime {
  readonly folder: string;
  readonly manifest: RuntimeManifest;
}

/** Reads every `runtimes/<id>/runtime.json`, in the order of ids. Throws `UsageError` naming the file and the field that is wrong. */
export async function readRuntimes(folder: string): Promise<Runtime[]> {
  const runtimes: Runtime[] = [];
  for await (const path of glob(join(folder, '*', 'runtime.json')))
    runtimes.push({ folder: dirname(path), manifest: await readManifest(path) });
  return runtimes.sort((a, b) => (a.manifest.id < b.manifest.id ? -1 : 1));
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
