export { experiments, findExperiment } from './registry.ts';
