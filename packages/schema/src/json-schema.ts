import { z } from 'zod';
import { Analysis } from './analysis.ts';
import { Calibration } from './calibration.ts';
import { Environment } from './environment.ts';
import { Experiment } from './experiment.ts';
import { Info } from './info.ts';
import { LoadJob } from './load.ts';
import { LoadResult } from './load-result.ts';
import { Plan } from './plan.ts';
import { RuntimeManifest } from './runtime-manifest.ts';
import { TrialHistograms, TrialRecord } from './trial.ts';
import { Verdict } from './verdict.ts';

/** Every schema that is published as a JSON Schema file, by file name. */
export const publishedSchemas = {
  analysis: Analysis,
  calibration: Calibration,
  environment: Environment,
  experiment: Experiment,
  histograms: TrialHistograms,
  info: Info,
  'load-job': LoadJob,
  'load-result': LoadResult,
  plan: Plan,
  runtime: RuntimeManifest,
  trial: TrialRecord,
  verdict: Verdict,
} as const;

/** The JSON Schema (draft 2020-12) of a published schema, as the text of its file. */
export function jsonSchemaText(name: keyof typeof publishedSchemas): string {
  const schema = z.toJSONSchema(publishedSchemas[name], { target: 'draft-2020-12', io: 'input' });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
