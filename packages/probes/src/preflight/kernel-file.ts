import { readFile } from 'node:fs/promises';

/** Text of a kernel file without the white space around it; null where there is none. */
export async function kernelText(path: string): Promise<string | null> {
  return await readFile(path, 'latin1').then(
    (text) => text.trim(),
    () => null,
  );
}

/** The number that a kernel file holds; null where there is none. */
export async function kernelNumber(path: string): Promise<number | null> {
  const text = await kernelText(path);
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : null;
}
