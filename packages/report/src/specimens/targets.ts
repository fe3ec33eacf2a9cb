import { type PlannedTarget, seconds } from '@photofinish/schema';

const runtimes = {
  node: { runtimeName: 'Node', colour: 'bluish-green', toolchain: 'Node 26.10.0' },
  python: { runtimeName: 'Python', colour: 'orange', toolchain: 'Python 3.14.2' },
  go: { runtimeName: 'Go', colour: 'sky-blue', toolchain: 'Go 1.26.8' },
  java: { runtimeName: 'Java', colour: 'vermillion', toolchain: 'JDK 25.0.1' },
} as const;

const target = (
  runtimeId: keyof typeof runtimes,
  model: string,
  modelIndex: number,
  modelTitle: string,
  hasThreadPool = false,
): PlannedTarget => ({
  targetId: `${runtimeId}/${model}`,
  runtimeId,
  ...runtimes[runtimeId],
  modelTitle,
  modelIndex,
  hasThreadPool,
  warmupSeconds: seconds(0),
  image: null,
  absence: null,
});

/** The eight targets of the `quick` experiment as a plan would list them, one of them absent. */
export const specimenTargets: readonly PlannedTarget[] = [
  target('node', 'async-await', 0, 'event loop, one process'),
  target('node', 'cluster', 1, 'event loop, a process a core'),
  target('python', 'threads', 0, 'thread pool, one process', true),
  target('python', 'multiprocessing', 1, 'thread pool, a process a core', true),
  {
    ...target('python', 'asyncio', 2, 'event loop, one process'),
    absence: {
      cause: 'build-failed',
      reason: 'uvloop 0.22.1 has no wheel for this interpreter and no C compiler was found',
      remedy: 'apt-get install gcc python3-dev',
    },
  },
  target('go', 'goroutines', 0, 'a goroutine a request'),
  target('java', 'platform-pool', 0, 'pool of platform threads', true),
  target('java', 'virtual-threads', 1, 'a virtual thread a request'),
];
