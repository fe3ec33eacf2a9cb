import { digestOf, type Environment, type JudgedClaim, Plan } from '@photofinish/schema';
import type { PageInput } from '../pages/page.ts';
import { specimenAnalysis } from './analysis.ts';
import { specimenEnvironment } from './environment.ts';
import { specimenPlan } from './plan.ts';
import { specimenTargets } from './targets.ts';
import { type Incident, specimenTrials } from './trials.ts';

const generatedBy = { version: '0.1.0', command: 'npm run quick -- --all --blocks 5 --seed 20261122' };

const question =
  'Of a few common ways to serve requests, which one waits cheaply, which one computes quickly, and does a second core help?';

const incidents: readonly Incident[] = [
  {
    comparisonId: 'spin-all-cores',
    replicate: 2,
    targetId: 'java/virtual-threads',
    state: 'invalid',
    cause: 'generator-lag',
    detail: 'p99 of the generator’s scheduler lag was 3.1 ms (limit 1 ms); repeated as attempt 2',
  },
  {
    comparisonId: 'timer-wait',
    replicate: 4,
    targetId: 'go/goroutines',
    state: 'invalid',
    cause: 'steal',
    detail: 'the hypervisor took 7.4 % of the measured core (limit 2 %); repeated as attempt 2',
  },
  ...[3, 5].map(
    (replicate): Incident => ({
      comparisonId: 'spin-all-cores',
      replicate,
      targetId: 'node/cluster',
      state: 'failed',
      cause: 'crashed',
      detail: 'a worker ended with signal SIGSEGV in the window, 1.2 s after its start',
    }),
  ),
];

const claim = (id: string, sentence: string, outcome: JudgedClaim['outcome'], reason: string): JudgedClaim => ({
  id,
  sentence,
  outcome,
  reason,
  stamps: ['provisional'],
});

/** Eight targets of four runtimes, one absent, two failed and two invalid trials, values a factor of 65 apart, and every kind of verdict. */
export function wholeSpecimen(): PageInput {
  const plan = specimenPlan({ targets: specimenTargets, replicates: 5, cores: 4, question });
  const sentences = plan.experiment.claims.map(({ sentence }) => sentence);
  const claims = [
    claim(
      'timer-loop',
      sentences[0] ?? '',
      'holds',
      'go/goroutines 5,098 /s, node/async-await 5,062 /s and java/virtual-threads 5,041 /s lie within 10 % of 256 / 50 ms = 5,120 /s.',
    ),
    claim('timer-threads', sentences[1] ?? '', 'holds', 'python/threads reaches 638 /s; 32 / 50 ms = 640 /s.'),
    claim(
      'timer-platform-pool',
      sentences[2] ?? '',
      'does-not-hold',
      'java/platform-pool reaches 639 /s; 256 / 50 ms = 5,120 /s, less 10 %, is 4,608 /s.',
    ),
    claim(
      'threads-gil',
      sentences[3] ?? '',
      'holds',
      'python/threads: speedup 0.98 (0.95 to 1.01) on 4 cores, at most 1.1 asked.',
    ),
    claim(
      'processes-scale',
      sentences[4] ?? '',
      'cannot-tell',
      'The parallel capacity of this host moved from 3.41 to 3.82 during the run: the bound lies inside that band.',
    ),
  ];
  const analysis = specimenAnalysis({
    plan,
    trials: specimenTrials(plan, incidents),
    stamps: ['provisional'],
    hostClassReasons: [],
    complete: true,
    claims,
    parallelCapacity: { cores: 4, readings: [3.41, 3.7, 3.66, 3.82, 3.74], mean: 3.67, minimum: 3.41, maximum: 3.82 },
  });
  return { analysis, plan, environment: specimenEnvironment, generatedBy };
}

/** A run on one core that was interrupted after two of three blocks: no scaling, no capacity, all stamps. */
export function oneCoreSpecimen(): PageInput {
  const reasons = ['1 physical core, fewer than 4', 'the hiccup meter saw gaps of 11 ms'];
  const plan = specimenPlan({ targets: specimenTargets.slice(0, 4), replicates: 3, cores: 1, question });
  const late = plan.blocks
    .filter(({ comparisonId, replicate }) => comparisonId === 'spin-one-core' && replicate > 1)
    .flatMap(({ trials, replicate, comparisonId }) =>
      trials.map(({ targetId }, index): Incident => {
        const isCut = replicate === 2 && index === 1;
        return {
          comparisonId,
          replicate,
          targetId,
          state: isCut ? 'interrupted' : 'not-run',
          cause: isCut ? 'signal' : 'not-reached',
          detail: isCut ? 'SIGINT in the window' : 'the run ended before it; photofinish run --resume finishes it',
        };
      }),
    );
  const analysis = specimenAnalysis({
    plan,
    trials: specimenTrials(plan, late),
    stamps: ['provisional', 'shape-only', 'incomplete'],
    hostClassReasons: reasons,
    complete: false,
    claims: [
      claim(
        'threads-gil',
        plan.experiment.claims[3]?.sentence ?? '',
        'cannot-tell',
        'One core is granted: there is nothing to scale to.',
      ),
    ],
    parallelCapacity: null,
  });
  const environment: Environment = {
    ...specimenEnvironment,
    hostClass: 'shape-only',
    hostClassReasons: reasons,
    host: { ...specimenEnvironment.host, logicalCores: 1, physicalCores: 1, allowedCores: [0], smtActive: false },
    conditions: [
      {
        id: 'cores',
        title: 'Physical cores',
        level: 'refusal',
        found: '1 physical, 1 logical',
        effect: 'server and load generator share a core',
        remedy: 'measure on a host with 4 physical cores or more',
      },
    ],
  };
  return { analysis, plan, environment, generatedBy };
}

/** Texts that try to leave their place: end a script or an attribute, drive a terminal, turn the direction of text. */
export const hostileTexts: readonly string[] = [
  '</script><script>globalThis.broken = true</script>',
  '"><img src=x onerror="globalThis.broken = true">',
  "' onmouseover='globalThis.broken = true",
  '<!-- <script> \u2028 globalThis.broken = true \u2029 -->',
  '\u202egnitirw desrever\u202c \u001b[2J\u001b]0;title\u0007',
  '&lt;b&gt; &amp; $& $1 #{globalThis.broken = true} {{broken}}',
  'a very long word '.repeat(6) + 'x'.repeat(90),
];

/** Every free text of an analysis, a plan and an environment replaced by hostile ones. */
export function hostileSpecimen(): PageInput {
  const { analysis, plan, environment } = wholeSpecimen();
  let next = 0;
  const hostile = () => hostileTexts[next++ % hostileTexts.length] ?? '';
  const titles = () => hostile().slice(0, 120);
  const targets = analysis.targets.map((target) => ({
    ...target,
    runtimeName: titles().slice(0, 60),
    modelTitle: titles(),
    toolchain: hostile(),
    absence: target.absence && { ...target.absence, reason: hostile(), remedy: hostile() },
  }));
  const hostilePlan = {
    ...plan,
    experiment: { ...plan.experiment, title: titles(), question: hostile() },
    targets,
    comparisons: plan.comparisons.map((comparison) => ({ ...comparison, title: hostile() })),
    leftOut: [{ comparisonId: 'left-out', reason: hostile() }],
  };
  return {
    plan: Plan.parse({ ...hostilePlan, hash: digestOf(hostilePlan) }),
    analysis: {
      ...analysis,
      experiment: { ...analysis.experiment, title: hostile(), question: hostile() },
      stamps: ['provisional', 'shape-only', 'incomplete'],
      hostClassReasons: hostileTexts.map((text) => text),
      targets,
      leftOut: [{ comparisonId: 'left-out', reason: hostile() }],
      comparisons: analysis.comparisons.map((comparison) => ({
        ...comparison,
        title: hostile(),
        description: hostile(),
        verdicts: comparison.verdicts.map((verdict) => ({
          ...verdict,
          sentence: hostile(),
          gates: verdict.gates.map((gate) => ({ ...gate, reading: hostile(), limit: hostile() })),
        })),
        alias: comparison.alias.map((alias) => ({
          ...alias,
          gate: { ...alias.gate, reading: hostile(), limit: hostile() },
        })),
      })),
      claims: analysis.claims.map((judged) => ({ ...judged, sentence: hostile(), reason: hostile() })),
      trials: analysis.trials.map((row) => ({ ...row, detail: hostile() })),
      sentences: hostileTexts.map((text) => text),
    },
    environment: {
      ...environment,
      host: {
        ...environment.host,
        cpuModel: hostile(),
        kernel: hostile(),
        operatingSystem: hostile(),
        governor: hostile(),
      },
      hostClassReasons: [hostile()],
      conditions: environment.conditions.map((condition) => ({
        ...condition,
        title: hostile(),
        found: hostile(),
        effect: hostile(),
        remedy: hostile(),
      })),
      toolchains: environment.toolchains.map((toolchain) => ({
        ...toolchain,
        name: hostile(),
        version: hostile(),
        alternatives: [hostile()],
      })),
    },
    generatedBy: { version: hostile(), command: hostile() },
  };
}
