/** Colours and type of the page as it is shown now: read from the style sheet, so that canvas and page cannot disagree. */
export interface Look {
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
  readonly reference: string;
  readonly font: string;
  /** Colour of a runtime by its name in the palette. */
  readonly runtime: (name: string) => string;
}

/** Reads the look of the page. */
export function currentLook(): Look {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ink: read('--ink'),
    muted: read('--muted'),
    line: read('--line'),
    surface: read('--surface'),
    reference: read('--reference'),
    font: getComputedStyle(document.body).fontFamily,
    runtime: (name) => read(`--runtime-${name}`),
  };
}

/** The same colour, part of it transparent; for colours written as #rrggbb. */
export function faded(colour: string, share: number): string {
  return `${colour}${Math.round(share * 255)
    .toString(16)
    .padStart(2, '0')}`;
}
