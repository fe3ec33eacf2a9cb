import type { Analysis, CoreSweep, Scaling } from '@photofinish/schema';
import { scalingGroups, speedupText } from '../charts/scaling.ts';
import { sweepGroups } from '../charts/sweep.ts';
import { counted, percent, range, significant } from '../wording/number.ts';
import { isBeyond, parameterText, peakText, worstResidualText } from '../wording/scalability.ts';
import { cell, type Show } from './comparison-table.ts';
import type { TerminalRow, TerminalTable } from './terminal-report.ts';

function capacityText({ parallelCapacity, parallelCapacities }: Analysis, cores: number): string {
  const capacity = parallelCapacities.find((each) => each.cores === cores) ?? parallelCapacity;
  if (capacity === null) return 'the parallel capacity of this host was not measured';
  return `parallel capacity of this host on ${counted(capacity.cores, 'core')}: ${significant(capacity.mean)} (${range(capacity.minimum, capacity.maximum)})`;
}

const rowOf =
  (show: Show) =>
  (scaling: Scaling): TerminalRow => ({
    targetId: show(scaling.targetId),
    cells:
      scaling.speedup === null
        ? []
        : [
            cell(show, speedupText(scaling), 'left'),
            cell(show, scaling.efficiency === null ? 'no value' : percent(scaling.efficiency), 'right'),
          ],
    verdict: [],
    remark: scaling.speedup === null ? show('no block has this target at both numbers of cores') : null,
  });

/** Speedups as tables, one for each pair of comparisons. */
export function scalingTables(analysis: Analysis, show: Show): readonly TerminalTable[] {
  return scalingGroups(analysis).map((group): TerminalTable => {
    const [{ workloadId, fromCores, toCores }] = group;
    const ordered = [...group].sort((a, b) => (b.speedup ?? -1) - (a.speedup ?? -1));
    return {
      title: show(`Speedup of ${workloadId} from ${counted(fromCores, 'core')} to ${toCores}`),
      description: show(capacityText(analysis, toCores)),
      headings: [
        cell(show, 'target', 'left'),
        cell(show, 'speedup (95 % interval)', 'left'),
        cell(show, 'efficiency', 'right'),
      ],
      verdictHeadings: [],
      rows: ordered.map(rowOf(show)),
    };
  });
}

const lawRowOf =
  (show: Show) =>
  (sweep: CoreSweep): TerminalRow => {
    const { law } = sweep;
    const targetId = show(sweep.targetId);
    if (law.outcome === 'refused')
      return { targetId, cells: [], verdict: [], remark: show(`not fitted: ${law.reason}`) };
    return {
      targetId,
      cells: [cell(show, parameterText(law.alpha), 'left'), cell(show, parameterText(law.beta), 'left')],
      verdict: [
        cell(show, `peak, cores: ${peakText(sweep, law)}${isBeyond(sweep, law) ? '*' : ''}`, 'left'),
        cell(show, `residual ${worstResidualText(sweep)}`, 'left'),
      ],
      remark: null,
    };
  };

/** The scalability law of every sweep as a table, one for each workload. */
export function lawTables(analysis: Analysis, show: Show): readonly TerminalTable[] {
  return sweepGroups(analysis).map((group): TerminalTable => {
    const [{ workloadId, levels }] = group;
    return {
      title: show(`Universal Scalability Law of ${workloadId} on ${levels.map(({ cores }) => cores).join(', ')} cores`),
      description: show(
        'parameters with 95 % interval, jackknife over blocks; *: beyond the levels measured, an extrapolation',
      ),
      headings: [cell(show, 'target', 'left'), cell(show, 'contention', 'left'), cell(show, 'coherency', 'left')],
      verdictHeadings: [cell(show, 'peak', 'left'), cell(show, 'largest residual', 'left')],
      rows: [...group]
        .sort((a, b) => (b.levels.at(-1)?.speedup ?? -1) - (a.levels.at(-1)?.speedup ?? -1))
        .map(lawRowOf(show)),
    };
  });
}
