import type { CalibrationAge, Condition, Environment, Plan } from '@photofinish/schema';
import { type Html, html } from '../../markup/html.ts';
import { significant, whole } from '../../wording/number.ts';
import { engineText } from '../../wording/placement.ts';
import type { PageInput } from '../page.ts';
import { scrollingTable } from '../table.ts';

/** A list of terms and what they are. */
export function facts(pairs: readonly (readonly [string, string | Html])[]): Html {
  return html`<dl class="facts">${pairs.map(([term, fact]) => html`<div><dt>${term}</dt><dd>${fact}</dd></div>`)}</dl>`;
}

const levels: Record<Condition['level'], { readonly glyph: string; readonly word: string; readonly tone: string }> = {
  ok: { glyph: '✓', word: 'ok', tone: 'plain' },
  warning: { glyph: '!', word: 'warning', tone: 'warn' },
  refusal: { glyph: '✗', word: 'refusal', tone: 'bad' },
};

function conditionTable(conditions: readonly Condition[]): Html {
  const rows = conditions.map(({ level, title, found, effect, remedy }) => {
    const { glyph, word, tone } = levels[level];
    return html`<tr><th scope="row">${title}</th><td><span class="state tone-${tone}"><span class="glyph" aria-hidden="true">${glyph}</span> ${word}</span></td><td class="words">${found}</td><td class="words">${effect}</td><td class="words">${remedy}</td></tr>`;
  });
  return scrollingTable({
    id: 'conditions',
    caption: 'Conditions of the host, and what would mend them',
    head: html`<tr><th scope="col">Condition</th><th scope="col">Level</th><th scope="col">Found</th><th scope="col">What it does to results</th><th scope="col">Remedy</th></tr>`,
    bodies: [html`<tbody>${rows}</tbody>`],
  });
}

function toolchainTable(toolchains: Environment['toolchains']): Html {
  const rows = toolchains.map(
    ({ name, version, minimum, origin, alternatives }) =>
      html`<tr><th scope="row">${name}</th><td>${version ?? 'none found'}</td><td>${minimum}</td><td>${origin ?? 'nowhere'}</td><td class="words">${alternatives.length === 0 ? 'none' : alternatives.join(', ')}</td></tr>`,
  );
  return scrollingTable({
    id: 'toolchains',
    caption: 'Toolchains that were looked for',
    head: html`<tr><th scope="col">Toolchain</th><th scope="col">Used</th><th scope="col">Oldest suitable</th><th scope="col">Found through</th><th scope="col">Also seen</th></tr>`,
    bodies: [html`<tbody>${rows}</tbody>`],
  });
}

const origins: Record<Environment['instrument']['origin'], string> = {
  variable: 'named by PHOTOFINISH_LOADGEN',
  package: 'from its npm package',
  built: 'built from source on this host',
};

/** When the load generator was last held against known truth on this host. */
function calibrationText(calibration: CalibrationAge | null): string {
  if (calibration === null)
    return 'never on this host: photofinish calibrate holds the load generator against known truth';
  const { ageSeconds, passed, instrumentVersion, isOfThisBoot } = calibration;
  const age =
    ageSeconds < 7200 ? `${whole(Math.round(ageSeconds / 60))} min` : `${whole(Math.round(ageSeconds / 3600))} h`;
  return `${passed ? 'passed' : 'failed'} ${age} before the run, load generator ${instrumentVersion}${isOfThisBoot === false ? ', before the machine was last started' : ''}`;
}

/** The images that servers were started from, each once, by content. */
function images({ targets }: Plan): [string, string][] {
  const used = new Map(targets.flatMap(({ image }) => (image === null ? [] : [[image.reference, image.id] as const])));
  if (used.size === 0) return [];
  return [['Images', [...used].map(([reference, id]) => `${reference} (${id.slice(0, 19)})`).join(', ')]];
}

/** The machine, the instrument and the toolchains: what a reader needs to judge the run. */
export function environmentSection({ environment, plan }: PageInput): Html {
  const { host, instrument, photofinish } = environment;
  const engine = engineText(environment.engine);
  const smt =
    host.smtActive === null
      ? 'simultaneous multithreading not known'
      : host.smtActive
        ? 'simultaneous multithreading on'
        : 'simultaneous multithreading off';
  return html`<section id="environment" aria-labelledby="environment-title">
<h2 id="environment-title">Environment</h2>
${facts([
  ['Processor', `${host.cpuModel} (${host.cpuVendor}), ${host.architecture}`],
  [
    'Cores',
    `${whole(host.physicalCores)} physical, ${whole(host.logicalCores)} logical, ${smt}; allowed ${host.allowedCores.join(', ')}; granted to targets ${plan.grantedCores.join(', ')}`,
  ],
  ['Memory', `${significant(host.memoryBytes / 1024 ** 3)} GiB`],
  ['System', `${host.operatingSystem}, kernel ${host.kernel}, cgroup ${host.cgroupVersion}`],
  ['Virtualisation', host.virtualisation ?? 'none seen'],
  [
    'Governor, clock',
    `${host.governor ?? 'governor not readable'}; ${host.clockSource ?? 'clock source not readable'}`,
  ],
  ['Load before', host.loadAverage === null ? 'not readable' : `load average ${significant(host.loadAverage, 2)}`],
  ['File descriptors', `${whole(host.fileDescriptorLimit)} allowed`],
  ['Host class', environment.hostClass === 'full' ? 'full' : `shape-only: ${environment.hostClassReasons.join('; ')}`],
  ...(engine === null ? [] : [['Engine', engine] as const]),
  ...images(plan),
  ['Instrument', `own load generator ${instrument.version}, ${origins[instrument.origin]}`],
  ...(environment.calibration === undefined
    ? []
    : [['Calibration', calibrationText(environment.calibration)] as const]),
  [
    'Harness',
    `Photofinish ${photofinish.version}${photofinish.commit === null ? '' : `, commit ${photofinish.commit.slice(0, 12)}`}, on Node ${photofinish.node}`,
  ],
  ['Collected', environment.collectedAt],
])}
${conditionTable(environment.conditions)}
${environment.toolchains.length === 0 ? html`` : toolchainTable(environment.toolchains)}
</section>`;
}
