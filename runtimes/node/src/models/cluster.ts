import cluster from 'node:cluster';
import { readFile } from 'node:fs/promises';
import { asyncEndpoints } from '../endpoints/table.ts';
import { inlineKernels } from '../kernels/inline.ts';
import { listen } from '../program/listener.ts';
import { announce, exitOnSigterm, program } from '../program/program.ts';
import type { Settings } from '../program/settings.ts';
import { leaveToPrimary, servingWorkers, startWorkers } from '../program/workers.ts';

/**
 * `node/cluster`: as many processes as granted cores, each an event loop that serves as `async-await` does, CPU work inline. The primary
 * accepts connections and hands them to the workers in turn (round robin); it answers no request.
 */
const startPrimary = async (settings: Settings): Promise<void> => {
  const starting = startWorkers(settings.cores);
  exitOnSigterm(async () => (await starting).stop());
  announce((await starting).port);
};

const startWorker = async (settings: Settings): Promise<void> => {
  const serving = servingWorkers();
  const endpoints = asyncEndpoints({
    settings,
    kernels: inlineKernels(await readFile(settings.payloadFile, 'utf8')),
    facts: async () => ({ processes: await serving, cpuPool: null, cpuWork: 'event-loop' }),
  });
  const listening = listen(settings.host, settings.port, endpoints).catch(leaveToPrimary);
  exitOnSigterm(async () => (await listening).stop());
  await listening;
};

await program('cluster', cluster.isPrimary ? startPrimary : startWorker);
