import {
  type ContainerLeftover,
  connectDocker,
  type DockerConnection,
  findContainerLeftovers,
  findLeftovers,
  type Leftover,
  removeContainerLeftover,
  removeLeftover,
} from '@photofinish/engines';
import { EnvironmentError } from '@photofinish/schema';
import type { Command } from 'commander';
import { exitCodes } from '../exit-code.ts';
import type { Invocation } from '../terminal.ts';
import { type CommandContext, command, type SharedOptions } from './command.ts';

/** `photofinish gc`: lists what a dead harness left behind, processes here and what an engine holds, and removes it only when told to. */
export function gcCommand(context: CommandContext): Command {
  return command('gc', 'list what carries our label and has no living owner', 'photofinish gc --remove')
    .option('--remove', 'remove what is listed')
    .action((options: SharedOptions & { remove?: boolean }) =>
      context.perform(options, (invocation) => collect(options.remove === true, invocation)),
    );
}

async function collect(remove: boolean, invocation: Invocation): Promise<number> {
  const connection = await engineIfAny(invocation);
  try {
    const processes = await findLeftovers();
    const objects = connection === null ? [] : await findContainerLeftovers(connection);
    if (remove) {
      await Promise.all(processes.map((leftover) => removeLeftover(leftover)));
      for (const object of objects) if (connection !== null) await removeContainerLeftover(connection, object);
    }
    show(processes, objects, connection !== null, remove, invocation);
    return exitCodes.done;
  } finally {
    await connection?.close();
  }
}

/** The engine, where one answers. One that `DOCKER_HOST` names must answer: throws `EnvironmentError`. */
async function engineIfAny({ environment, home }: Invocation): Promise<DockerConnection | null> {
  try {
    return await connectDocker({ environment, home });
  } catch (error) {
    if (error instanceof EnvironmentError && environment.DOCKER_HOST === undefined) return null;
    throw error;
  }
}

function show(
  processes: readonly Leftover[],
  objects: readonly ContainerLeftover[],
  engine: boolean,
  removed: boolean,
  { terminal, json }: Invocation,
): void {
  if (json) {
    terminal.out(`${JSON.stringify({ processes, engine, objects, removed })}\n`);
    return;
  }
  const lines = [
    ...processes.map(({ pid, program }) => `process ${pid} (${program}), its harness is gone`),
    ...objects.map(({ type, name, runId }) => `${type} ${name} of run ${runId}, its harness is gone`),
  ];
  const looked = engine ? '' : ' No container engine answers here, so only processes were looked at.';
  if (lines.length === 0) terminal.out(`Nothing is left over.${looked}\n`);
  else terminal.out(`${lines.join('\n')}\n${removed ? 'Removed.' : 'Remove with: photofinish gc --remove'}${looked}\n`);
}
