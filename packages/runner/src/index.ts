export * from './events.ts';
export * from './execution/execution.ts';
export * from './execution/recorder.ts';
export * from './plan/plan.ts';
export * from './plan/random.ts';
export { plainTopology } from './plan/topology.ts';
export type { AttemptContext, HostInstruments, Instruments, TargetSource } from './trial/context.ts';
export * from './verifier.ts';
