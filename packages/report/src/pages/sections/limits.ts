import { type Html, html } from '../../markup/html.ts';
import { counted } from '../../wording/number.ts';
import type { PageInput } from '../page.ts';

/** What a reader could wrongly take from the page. */
export function limitSection({ analysis, plan }: PageInput): Html {
  const workloads = [...new Set(plan.comparisons.map(({ workload }) => workload.path))].join(' and ');
  const isAllClosed = plan.comparisons.every(({ load }) => load.arrivals.loop === 'closed');
  const limits: readonly string[] = [
    `How these targets do other work. What was asked is ${workloads}, nothing else: no database, no TLS, no payload to speak of.`,
    'How they do on another machine. Absolute figures belong to this host key; only ratios may travel, and even those are judged host by host.',
    ...(isAllClosed
      ? [
          'What happens when requests arrive faster than they are answered. The loop is closed: overload, queues and goodput do not occur in it.',
        ]
      : []),
    'How a runtime does at its best. Each target is configured as an experienced user would deploy it, with pool sizes given by the plan, and not tuned to this workload.',
    'What users far away would see. Server and load generator are on one host and talk over loopback.',
    `What happens after hours. A window lasts seconds: leaks, fragmentation and slow drift are not in it.`,
    `Differences below what stands under “could have shown”. ${counted(analysis.replicates, 'block')} cannot see them, and “cannot tell” is not “the same”.`,
  ];
  return html`<section id="limits" aria-labelledby="limits-title">
<h2 id="limits-title">What this will not tell you</h2>
<ul>${limits.map((limit) => html`<li>${limit}</li>`)}</ul>
</section>`;
}
