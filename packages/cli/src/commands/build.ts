import { connectDocker, type ImageRecipe, imageRecipes } from '@photofinish/engines';
import { nearest, UsageError } from '@photofinish/schema';
import type { Command } from 'commander';
import { exitCodes } from '../exit-code.ts';
import { type BuildEnd, bringImage } from '../setup/images.ts';
import { allRuntimes } from '../setup/runtimes.ts';
import type { Invocation } from '../terminal.ts';
import { errorText } from '../ui/error-text.ts';
import { type CommandContext, command, type SharedOptions } from './command.ts';

/** `photofinish build`: builds the images whose content changed. */
export function buildCommand(context: CommandContext): Command {
  return command('build', 'build the images whose content changed', 'photofinish build go java')
    .argument('[images...]', 'runtimes, native or harness; without any all runtimes and native')
    .addHelpText(
      'after',
      '\nAn image is named by everything it is made from; one that is there under its name is not built again.\nOne that fails does not keep the others from being built.\n',
    )
    .action((ids: string[], options: SharedOptions) =>
      context.perform(options, (invocation) => build(invocation, ids)),
    );
}

interface ImageRow {
  readonly recipe: ImageRecipe;
  readonly end: BuildEnd;
}

async function build(invocation: Invocation, ids: readonly string[]): Promise<number> {
  const { terminal, environment, home } = invocation;
  const recipes = chosen(await imageRecipes(invocation.root, await allRuntimes(invocation)), ids);
  const connection = await connectDocker({ environment, home });
  try {
    const rows: ImageRow[] = [];
    for (const recipe of recipes) {
      const end = await bringImage(invocation, connection, recipe);
      rows.push({ recipe, end });
      if (end.state === 'failed') terminal.err(errorText(end.error, terminal.errColours));
      if (!invocation.json) terminal.out(rowText(recipe, end));
    }
    if (invocation.json) terminal.out(`${JSON.stringify({ images: rows.map(rowJson) })}\n`);
    return rows.some(({ end }) => end.state === 'failed') ? exitCodes.environment : exitCodes.done;
  } finally {
    await connection.close();
  }
}

/** The recipes named; all but the harness when none is. Throws `UsageError` with the nearest valid name. */
function chosen(recipes: readonly ImageRecipe[], ids: readonly string[]): ImageRecipe[] {
  const all = recipes.map(({ id }) => id);
  const unknown = ids.find((id) => !all.includes(id));
  if (unknown === undefined)
    return recipes.filter(({ id, kind }) => (ids.length === 0 ? kind !== 'harness' : ids.includes(id)));
  const meant = nearest(unknown, all);
  throw new UsageError('E_UNKNOWN_IMAGE', {
    what: `There is no image ${unknown}.`,
    given: unknown,
    allowed: all.join(', '),
    remedy: meant === null ? 'Choose one of those allowed.' : `Did you mean ${meant}?`,
  });
}

function rowText({ id }: ImageRecipe, end: BuildEnd): string {
  if (end.state === 'failed') return `${id}: failed${end.error.step === null ? '' : ` in ${end.error.step}`}\n`;
  const { reference, id: digest } = end.image;
  return `${id}: ${end.changed ? 'built' : 'unchanged'}, ${reference} (${digest.slice(7, 19)})\n`;
}

function rowJson({ recipe: { id }, end }: ImageRow): unknown {
  if (end.state === 'there') return { id, state: end.changed ? 'built' : 'unchanged', ...imageJson(end) };
  const { failure, step, lastLines } = end.error;
  return { id, state: 'failed', cause: failure, step, lastLines };
}

const imageJson = ({ image }: Extract<BuildEnd, { state: 'there' }>) => ({
  reference: image.reference,
  imageId: image.id,
});
