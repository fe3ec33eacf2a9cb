import type { CalibrationAge, Condition } from '@photofinish/schema';
import { fine, harm } from './condition.ts';

/** Blocks from which a plan counts as standard, and as thorough (reference: method 7). */
const standardBlocks = 10;
const thoroughBlocks = 20;

const about = { id: 'calibration', title: 'Calibration of the load generator' };
const remedy = 'photofinish calibrate (about 80 seconds; the machine should do nothing else)';

/**
 * Whether the load generator was held against known truth on this host since it was started, and passed (reference: method 20: each
 * installation, and again after every boot). A thorough plan is refused without: who measures for an hour wants to be believed. A standard one
 * is warned. `blocks` is null where no plan is at hand.
 */
export function judgeCalibration(
  age: CalibrationAge | null,
  instrumentVersion: string,
  blocks: number | null,
): Condition {
  const found = age === null ? 'none on this host' : ageText(age);
  const lack =
    age === null ? 'nothing says how exact the load generator is on this host' : flaw(age, instrumentVersion);
  if (lack === null) return fine(about, found);
  if (blocks !== null && blocks >= thoroughBlocks)
    return harm(about, 'refusal', {
      found,
      effect: `${lack}, and a plan of ${thoroughBlocks} or more blocks is not begun like that`,
      remedy,
    });
  if (blocks !== null && blocks < standardBlocks) return fine(about, `${found}; ${lack}`);
  return harm(about, 'warning', { found, effect: lack, remedy });
}

function flaw({ passed, isOfThisBoot, instrumentVersion }: CalibrationAge, version: string): string | null {
  if (!passed) return 'some of its readings failed';
  if (instrumentVersion !== version) return `it was of load generator ${instrumentVersion}, this one is ${version}`;
  if (isOfThisBoot !== true) return 'this machine was started since';
  return null;
}

function ageText({ passed, ageSeconds }: CalibrationAge): string {
  const hours = ageSeconds / 3600;
  const age = hours < 2 ? `${Math.round(ageSeconds / 60)} min` : `${Math.round(hours)} h`;
  return `${passed ? 'passed' : 'failed'} ${age} ago`;
}
