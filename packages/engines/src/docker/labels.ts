import { ownLabel } from '../local/leftovers.ts';

/** Labels of everything an engine holds for us. What lacks `owner` is not ours and is never touched. */
export const labels = {
  /** Run id. */
  run: 'dev.photofinish.run',
  /** The harness: as `ownLabel` gives it. */
  owner: 'dev.photofinish.owner',
  /** `server`, `network`, `lease` or `image`. */
  kind: 'dev.photofinish.kind',
} as const;

/** What a labelled object is. */
export type ObjectKind = 'server' | 'network' | 'lease' | 'image';

/** The labels of one object of a run of this harness. */
export async function ownLabels(runId: string, kind: ObjectKind): Promise<Record<string, string>> {
  return { [labels.run]: runId, [labels.owner]: await ownLabel(), [labels.kind]: kind };
}
