import type { Analysis, Scaling } from '@photofinish/schema';
import { scalingGroups, speedupText } from '../charts/scaling.ts';
import { counted, percent, range, significant } from '../wording/number.ts';
import { cell, type Show } from './comparison-table.ts';
import type { TerminalRow, TerminalTable } from './terminal-report.ts';

function capacityText({ parallelCapacity: capacity }: Analysis): string {
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
      description: show(capacityText(analysis)),
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
