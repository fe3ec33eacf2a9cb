export * from './mock-probe.ts';
export * from './preflight/conditions.ts';
export * from './preflight/core-list.ts';
export * from './preflight/host.ts';
export * from './preflight/topology.ts';
export * from './probe.ts';
export { procfsProbe } from './procfs/probe.ts';
export * from './procfs/steal.ts';
export { descendants } from './procfs/tree.ts';
