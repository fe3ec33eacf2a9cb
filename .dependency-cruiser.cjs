/**
 * The house of the design, section 3: arrows point down only. Levels: 0 schema; 1 stats, workloads, engines, probes, loadgen,
 * store; 2 experiments, runner, report, bench; 3 cli; 4 e2e.
 */
const may = {
  schema: [],
  stats: ['schema'],
  workloads: ['schema'],
  engines: ['schema'],
  probes: ['schema'],
  loadgen: ['schema'],
  store: ['schema'],
  experiments: ['schema', 'workloads'],
  runner: ['schema', 'stats', 'workloads', 'engines', 'probes', 'loadgen', 'store'],
  report: ['schema', 'stats', 'store', 'experiments'],
  bench: ['schema', 'stats', 'loadgen'],
  cli: ['schema', 'stats', 'workloads', 'engines', 'probes', 'loadgen', 'store', 'experiments', 'runner', 'report'],
  e2e: ['schema', 'engines', 'cli'],
};

const direction = Object.entries(may).map(([name, allowed]) => ({
  name: `${name}-points-down`,
  comment:
    allowed.length === 0 ? `${name} imports none of our packages.` : `${name} imports only ${allowed.join(', ')}.`,
  severity: 'error',
  from: { path: `(^|/)packages/${name}/` },
  to: { path: '(^|/)(packages|runtimes|scripts)/', pathNot: `(^|/)packages/(${[name, ...allowed].join('|')})/` },
}));

const noReachingIn = Object.keys(may).map((name) => ({
  name: `through-the-door-of-${name}`,
  comment: `Other packages import ${name} by its index only, tests also by the index of its test kit.`,
  severity: 'error',
  from: { path: '(^|/)packages/', pathNot: `(^|/)packages/${name}/` },
  to: { path: `(^|/)packages/${name}/`, pathNot: `(^|/)packages/${name}/src/(test-kit/)?index\\.ts$` },
}));

module.exports = {
  forbidden: [
    ...direction,
    ...noReachingIn,
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Two files that import each other are one concept in two places.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      comment: 'An import that cannot be found.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
