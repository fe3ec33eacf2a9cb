import { execa } from 'execa';
import { autocannon } from './autocannon.ts';
import { h2load } from './h2load.ts';
import { k6 } from './k6.ts';
import { oha } from './oha.ts';
import type { Peer } from './peer.ts';
import { vegeta } from './vegeta.ts';
import { wrk } from './wrk.ts';

/** Every load generator that ours is compared with. */
export const peers: readonly Peer[] = [wrk, h2load, oha, vegeta, k6, autocannon];

/** The version of a peer, `unknown` when it tells none; null: it is not on the PATH. */
export async function versionOf({ id, version: { command, pattern } }: Peer): Promise<string | null> {
  const found = await execa('sh', ['-c', `command -v ${id}`], { reject: false, stdin: 'ignore' });
  if (found.failed) return null;
  const [file, ...options] = command;
  const asked = await execa(file, options, { reject: false, stdin: 'ignore', all: true, timeout: 20_000 });
  return pattern.exec(asked.all ?? '')?.[1] ?? 'unknown';
}
