import { z } from 'zod';

const word = '[a-z][a-z0-9]*(?:-[a-z0-9]+)*';

const named = (pattern: string, what: string) =>
  z
    .string()
    .max(120)
    .regex(new RegExp(`^${pattern}$`), `${what} is made of lower-case words joined by hyphens`);

/** A language platform: one folder in `runtimes/`. */
export const RuntimeId = named(word, 'a runtime id');
export type RuntimeId = z.infer<typeof RuntimeId>;

/** A concurrency model within a runtime. */
export const ModelId = named(word, 'a model id');
export type ModelId = z.infer<typeof ModelId>;

/** A server under test, `runtime/model`. */
export const TargetId = z
  .string()
  .max(120)
  .regex(new RegExp(`^${word}/${word}$`), 'a target id has the form runtime/model');
export type TargetId = z.infer<typeof TargetId>;

/** What is asked of a server: one folder in `packages/workloads/src/`. */
export const WorkloadId = named(word, 'a workload id');
export type WorkloadId = z.infer<typeof WorkloadId>;

/** A question as data: one folder in `packages/experiments/src/`. */
export const ExperimentId = named(word, 'an experiment id');
export type ExperimentId = z.infer<typeof ExperimentId>;

/** One workload at one level over all its targets. */
export const ComparisonId = named(word, 'a comparison id');
export type ComparisonId = z.infer<typeof ComparisonId>;

/** One execution of a plan: UTC time and a random tail, sortable by name. */
export const RunId = z.string().regex(/^\d{8}T\d{6}Z-[0-9a-f]{6}$/, 'a run id looks like 20260131T120000Z-0a1b2c');
export type RunId = z.infer<typeof RunId>;

/** Every target of one comparison once: `<comparison>.b<replicate>`. */
export const BlockId = z.string().regex(new RegExp(`^${word}\\.b\\d{2,}$`));
export type BlockId = z.infer<typeof BlockId>;

/** One fresh server, start to stop: `<block>.t<position>`. Used as a file name. */
export const TrialId = z.string().regex(new RegExp(`^${word}\\.b\\d{2,}\\.t\\d{2,}$`));
export type TrialId = z.infer<typeof TrialId>;

/** 16 hexadecimal digits of a SHA-256 over the canonical JSON of what must be equal for two cells to be compared. */
export const CellId = z.string().regex(/^[0-9a-f]{16}$/);
export type CellId = z.infer<typeof CellId>;

/** Hexadecimal SHA-256. */
export const Digest = z.string().regex(/^[0-9a-f]{64}$/);
export type Digest = z.infer<typeof Digest>;
