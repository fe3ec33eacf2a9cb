import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonSchemaText, publishedSchemas } from '../packages/schema/src/json-schema.ts';

const folder = join(import.meta.dirname, '..', 'packages', 'schema', 'json');
for (const name of Object.keys(publishedSchemas) as (keyof typeof publishedSchemas)[]) {
  await writeFile(join(folder, `${name}.schema.json`), jsonSchemaText(name));
}
