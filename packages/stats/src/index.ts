export type { Pair, PairedDifference } from './compare.ts';
export { blocksForMargin, detectableEffect, logRatios, pairedDifference } from './compare.ts';
export type { AdjustmentTrial, CovariatePair, Slopes } from './covariate/adjustment.ts';
export { adjustedLogRatios, tryAdjustment } from './covariate/adjustment.ts';
export type { CovariatePoint, WithinSlope } from './covariate/within-slope.ts';
export { withinSlope } from './covariate/within-slope.ts';
export type { HolmStep } from './holm.ts';
export { holm } from './holm.ts';
export type { GeometricMean, Interval } from './interval.ts';
export { geometricMean, meanInterval, ratioInterval, ratioOf } from './interval.ts';
export type { HodgesLehmann } from './robust.ts';
export { hodgesLehmann } from './robust.ts';
export type {
  FittedLevel,
  FittedParameter,
  PeakCores,
  ScalabilityFit,
  ScalabilityRefusal,
  ScalingPoint,
} from './scaling/fit.ts';
export { fitScalability } from './scaling/fit.ts';
export { capacityRatio } from './scaling/scalability-law.ts';
export type { ScalingPair, Speedup } from './scaling/speedup.ts';
export { speedup } from './scaling/speedup.ts';
export { shapeOnlyMargin } from './shape-only.ts';
export type { FamilyMember, FamilyRule, Judgement } from './verdict.ts';
export { judgeFamily } from './verdict.ts';
