import { randomBytes } from 'node:crypto';
import { nativeGenerator } from '@photofinish/loadgen';
import type { Instruments } from '@photofinish/runner';
import { systemClock } from '@photofinish/schema';
import { type Site, targetSource } from './site/site.ts';
import { contractVerifier } from './verifier.ts';

/** Everything a run at a site measures with. */
export function instrumentsAt(site: Site): Instruments {
  return {
    engine: site.engine,
    generator: nativeGenerator(site.core),
    probe: site.probe,
    verifier: contractVerifier,
    host: site.host,
    targets: targetSource(site),
    clock: systemClock,
    nonce: () => randomBytes(12).toString('hex'),
  };
}
