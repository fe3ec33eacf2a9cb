/** Invented figures of one target in one comparison: typical value of each metric in base units, and the relative spread of trials. */
interface TypicalFigures {
  readonly throughput: number;
  readonly cpuSeconds: number;
  readonly memoryMebibytes: number;
  readonly spread: number;
}

type Figures = Readonly<Record<string, TypicalFigures>>;

const figures = (throughput: number, cpuSeconds: number, memoryMebibytes: number, spread: number): TypicalFigures => ({
  throughput,
  cpuSeconds,
  memoryMebibytes,
  spread,
});

/** Invented, of the shape that such servers are known to have; chosen so that every verdict occurs and the kernel spans a factor of 65. */
export const typicalFigures: Readonly<Record<string, Figures>> = {
  'timer-wait': {
    'node/async-await': figures(5062, 62e-6, 92, 0.004),
    'node/cluster': figures(5055, 66e-6, 141, 0.004),
    'python/threads': figures(638, 412e-6, 63, 0.004),
    'python/multiprocessing': figures(637, 417e-6, 71, 0.005),
    'go/goroutines': figures(5098, 38e-6, 25, 0.003),
    'java/platform-pool': figures(639, 88e-6, 262, 0.004),
    'java/virtual-threads': figures(5041, 59e-6, 308, 0.02),
  },
  'spin-one-core': {
    'node/async-await': figures(198, 5.02e-3, 78, 0.012),
    'node/cluster': figures(196, 5.08e-3, 132, 0.03),
    'python/threads': figures(4.6, 0.2169, 58, 0.015),
    'python/multiprocessing': figures(4.62, 0.2161, 66, 0.02),
    'go/goroutines': figures(299, 3.33e-3, 21, 0.01),
    'java/platform-pool': figures(203, 4.89e-3, 240, 0.22),
    'java/virtual-threads': figures(211, 4.71e-3, 251, 0.03),
  },
  'spin-all-cores': {
    'node/async-await': figures(199, 5.01e-3, 84, 0.012),
    'node/cluster': figures(752, 5.21e-3, 371, 0.03),
    'python/threads': figures(4.5, 0.2221, 64, 0.02),
    'python/multiprocessing': figures(17.6, 0.2234, 236, 0.02),
    'go/goroutines': figures(1148, 3.41e-3, 27, 0.015),
    'java/platform-pool': figures(802, 4.91e-3, 261, 0.05),
    'java/virtual-threads': figures(811, 4.86e-3, 274, 0.05),
  },
};
