import type { PlannedComparison } from '@photofinish/schema';
import { counted, significant, whole } from '../wording/number.ts';
import { type MemoryBasis, memoryBasisTexts } from './metric.ts';

/** What was asked, with units: `GET /timer?ms=50, closed loop, 256 connections, 1 core, thread pools of 32, memory is the peak resident size`. */
export function descriptionOf(comparison: PlannedComparison, basis: MemoryBasis): string {
  const { workload, targetCores, targetPhysicalCores, sizes, sharesCores, sharesPhysicalCores } = comparison;
  const cores = counted(targetCores.length, 'core');
  const siblings =
    targetPhysicalCores < targetCores.length ? ` (SMT siblings: ${whole(targetPhysicalCores)} physical)` : '';
  const shared = sharesCores
    ? ', shared with the load generator'
    : sharesPhysicalCores
      ? ', the load generator on an SMT sibling'
      : '';
  const threads = `thread pools of ${whole(sizes.threads)}`;
  return [
    `GET ${workload.path}`,
    ...arrivalsText(comparison),
    `${cores}${siblings}${shared}`,
    threads,
    `memory is the ${memoryBasisTexts[basis]}`,
  ].join(', ');
}

function arrivalsText({ load: { arrivals } }: PlannedComparison): string[] {
  const connections = counted(arrivals.connections, 'connection');
  if (arrivals.loop === 'closed') return ['closed loop', connections];
  const process = arrivals.process === 'poisson' ? 'Poisson arrivals' : 'evenly spaced arrivals';
  return [`open loop, ${process} at ${significant(arrivals.rate)} per second`, connections];
}
