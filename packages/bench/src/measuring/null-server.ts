import { startCalibrationServer } from '@photofinish/loadgen';
import type { Load, Way } from '../peers/peer.ts';
import type { Pair, Side } from '../records/record.ts';
import { type Place, type Use, use } from './use.ts';

/** Who is compared, on which load, and how often. */
export interface Comparison {
  readonly own: Way;
  readonly peer: Way;
  readonly load: Omit<Load, 'url'>;
  readonly pairs: number;
  readonly serverCore: number;
}

/**
 * Uses both against one null server, which answers at once: in pairs one right after the other, so that the host's drift is on both sides, and in
 * alternating order, so that neither has the better place in them. `onPair` is told each.
 */
export async function pairsOnNullServer(
  { own, peer, load, pairs, serverCore }: Comparison,
  place: Place,
  onPair: (pair: Pair) => void,
  signal: AbortSignal,
): Promise<Pair[]> {
  await using server = await startCalibrationServer(place.core, ['null', '--cores', String(serverCore)]);
  const at = { ...load, url: `http://127.0.0.1:${server.port}/` };
  const side = async (way: Way) => sideOf(await use(way, at, place, signal));
  const done: Pair[] = [];
  for (let number = 0; number < pairs; number++) {
    const pair: Pair =
      number % 2 === 0
        ? { first: 'own', own: await side(own), peer: await side(peer) }
        : { first: 'peer', peer: await side(peer), own: await side(own) };
    onPair(pair);
    done.push(pair);
  }
  return done;
}

const sideOf = ({ requests, errors, rate, cpuSeconds }: Use): Side => ({ requests, errors, rate, cpuSeconds });
