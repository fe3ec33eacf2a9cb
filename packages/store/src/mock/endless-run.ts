import { createRun } from '../create-run.ts';
import { sampleEnvironment, samplePlan } from './sample-run.ts';
import { perform } from './sample-store.ts';

/*
 * A process to be killed: begins a run in the folder it is started in and attempts its first trial over and over, `invalid` and `ok` in turn,
 * with one byte on standard output for each attempt that it was told is safe.
 */
const plan = samplePlan(2);
const writer = await createRun('.', plan, sampleEnvironment());
for (;;) {
  await perform(writer, plan, 'timer.b01.t01', writer.nextSequence % 2 === 0 ? 'invalid' : 'ok');
  process.stdout.write('.');
}
