// Writes the contract's payload.json into a folder at the build of an image: node docker/payload/write.ts FOLDER
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { payloadFacts, payloadText } from '../../packages/workloads/src/kernels/payload.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node docker/payload/write.ts FOLDER');
const content = Buffer.from(payloadText(), 'latin1');
const sha256 = createHash('sha256').update(content).digest('hex');
if (sha256 !== payloadFacts.sha256) throw new Error(`payload.json has SHA-256 ${sha256}, not the contract's`);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'payload.json'), content);
