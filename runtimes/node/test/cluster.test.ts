import assert from 'node:assert/strict';
import { kill } from 'node:process';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type Connection, open } from './connection.ts';
import { childrenOf, exists, type ListeningTarget, startTarget } from './target.ts';

const hasProcfs = exists(process.pid);

const openTwoPerWorker = async (target: ListeningTarget): Promise<Connection[]> => {
  const connections: Connection[] = [];
  for (let count = 0; count < 4; count++) {
    const connection = await open(target.port);
    await connection.ask('GET /health');
    connections.push(connection);
  }
  return connections;
};

/** How many of the connections answer while the process `stopped` stands still. */
const answering = async (connections: readonly Connection[], stopped: number): Promise<number> => {
  kill(stopped, 'SIGSTOP');
  let answers = 0;
  const asked = connections.map((connection) => connection.ask('GET /health').then(() => answers++));
  await setTimeout(500);
  const before = answers;
  kill(stopped, 'SIGCONT');
  await Promise.all(asked);
  return before;
};

const untilGone = async (pids: readonly number[]): Promise<void> => {
  while (pids.some(exists)) await setTimeout(20);
};

describe('node/cluster', { skip: hasProcfs ? false : 'needs procfs to find the workers', concurrency: true }, () => {
  it('deals connections out to its workers in turn, and the primary serves none', async () => {
    await using target = await startTarget('cluster');
    const workers = childrenOf(target.pid);
    const connections = await openTwoPerWorker(target);
    assert.equal(workers.length, 2);
    assert.equal(await answering(connections, target.pid), 4);
    for (const worker of workers) assert.equal(await answering(connections, worker), 2);
    for (const connection of connections) connection[Symbol.dispose]();
  });

  it('ends at once, with no process left, when a worker dies', async () => {
    await using target = await startTarget('cluster');
    const [victim = 0, ...others] = childrenOf(target.pid);
    kill(victim, 'SIGKILL');
    const { code, errors } = await target.ending;
    assert.equal(code, 1);
    assert.equal(errors, `worker ${victim} ended (SIGKILL); the cluster is no longer whole\n`);
    await untilGone(others);
  });

  it('leaves no worker behind when the primary is killed', async () => {
    await using target = await startTarget('cluster');
    const workers = childrenOf(target.pid);
    kill(target.pid, 'SIGKILL');
    await untilGone(workers);
  });
});
