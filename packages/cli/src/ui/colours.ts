import { createColors } from 'picocolors';

/** Colour functions; all of them leave text alone where the stream shows no colour. */
export type Colours = ReturnType<typeof createColors>;

/** Colours for a stream: on a terminal unless NO_COLOR or `--no-color` says otherwise, elsewhere only with FORCE_COLOR. */
export function coloursFor(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
  wanted: boolean,
): Colours {
  const forced = environment.FORCE_COLOR !== undefined && environment.FORCE_COLOR !== '0';
  const refused = !wanted || (environment.NO_COLOR !== undefined && environment.NO_COLOR !== '');
  return createColors(!refused && (forced || stream.isTTY === true));
}
