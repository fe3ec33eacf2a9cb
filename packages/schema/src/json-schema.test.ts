import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { jsonSchemaText, publishedSchemas } from './json-schema.ts';

const folder = join(import.meta.dirname, '..', 'json');

test.each(Object.keys(publishedSchemas) as (keyof typeof publishedSchemas)[])(
  'the published JSON Schema of %s is the one its zod schema gives',
  async (name) => {
    expect(await readFile(join(folder, `${name}.schema.json`), 'utf8')).toBe(jsonSchemaText(name));
  },
);
