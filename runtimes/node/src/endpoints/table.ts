import type { Endpoint } from '../contract/endpoint.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Settings } from '../program/settings.ts';
import { cpuJson } from './cpu-json.ts';
import { cpuSpin } from './cpu-spin.ts';
import { failing } from './fail.ts';
import { health } from './health.ts';
import { info, type ModelFacts } from './info.ts';
import { timer } from './timer.ts';

/** What a model brings to the contract's table. */
export interface ModelParts {
  readonly settings: Settings;
  /** Where and how CPU work is computed. */
  readonly kernels: Kernels;
  readonly facts: () => ModelFacts | Promise<ModelFacts>;
}

/** The contract's table with every handler an async function: what a model serves, save what it states itself. */
export const asyncEndpoints = ({ settings, kernels, facts }: ModelParts): readonly Endpoint[] => [
  health,
  info(settings, facts),
  timer,
  cpuSpin(kernels),
  cpuJson(kernels),
  failing,
];
