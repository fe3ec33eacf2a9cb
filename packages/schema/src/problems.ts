import { z } from 'zod';

/** What a schema found wrong, one line per field with its path, for error messages. */
export function problemsOf(error: z.ZodError): string {
  return z.prettifyError(error);
}
