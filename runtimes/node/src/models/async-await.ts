import { readFile } from 'node:fs/promises';
import { asyncEndpoints } from '../endpoints/table.ts';
import { inlineKernels } from '../kernels/inline.ts';
import { listen } from '../program/listener.ts';
import { announce, exitOnSigterm, program } from '../program/program.ts';

/**
 * `node/async-await`: one process with one event loop, however many cores are granted. Handlers are async functions, waits are awaited, and
 * CPU work is computed inline: it holds the loop.
 */
await program('async-await', async (settings) => {
  const endpoints = asyncEndpoints({
    settings,
    kernels: inlineKernels(await readFile(settings.payloadFile, 'utf8')),
    facts: () => ({ processes: 1, cpuPool: null, cpuWork: 'event-loop' }),
  });
  const listening = listen(settings.host, settings.port, endpoints);
  exitOnSigterm(async () => (await listening).stop());
  announce((await listening).port);
});
