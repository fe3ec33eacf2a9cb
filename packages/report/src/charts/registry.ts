import type { Chart } from './chart.ts';
import { cpuCostChart } from './cpu-cost.ts';
import { memoryChart } from './memory.ts';
import { responseTimeChart } from './response-time.ts';
import { scalingChart } from './scaling.ts';
import { throughputChart } from './throughput.ts';

/** Every chart, in the order a comparison shows them. */
export const charts: readonly Chart[] = [throughputChart, responseTimeChart, cpuCostChart, memoryChart, scalingChart];
