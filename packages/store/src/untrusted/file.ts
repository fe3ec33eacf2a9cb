import { createHash } from 'node:crypto';
import { type Digest, formatVersion } from '@photofinish/schema';
import { codeOf, type FileSystem } from '../file-system.ts';
import { parseStrictJson } from './strict-json.ts';

/** Most bytes of one JSON file: 8 MiB. A record of a long trial has some tens of KiB. */
export const fileLimit = 8 * 2 ** 20;

/** Why a file cannot be used. */
export class Unreadable extends Error {}

/** A file's parsed contents with the digest of its bytes. */
export interface ReadFile<T> {
  readonly value: T;
  readonly sha256: Digest;
}

/** The part of a zod schema that reading needs. */
export interface FileSchema<T> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };
}

/** Hexadecimal SHA-256 of bytes. */
export const sha256Of = (bytes: Uint8Array): Digest => createHash('sha256').update(bytes).digest('hex');

/** In words why a file cannot be used: what `Unreadable` says, or that the disk does not give it. Any other error is thrown on. */
export function unreadableReason(error: unknown): string {
  if (error instanceof Unreadable) return error.message;
  const code = codeOf(error);
  if (code === null) throw error;
  return `it cannot be read (${code})`;
}

const reasons: Record<string, string> = {
  ENOENT: 'it is missing',
  ENOTDIR: 'it is missing',
  ELOOP: 'it is a link, not a file',
  EISDIR: 'it is a folder, not a file',
  EINVAL: 'it is not a regular file',
};

/** The bytes of a file. Throws `Unreadable` where it is missing, no file, or longer than `limit`, and the system's error where the disk fails. */
export async function readBytes(fileSystem: FileSystem, path: string, limit: number): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await fileSystem.read(path, limit);
  } catch (error) {
    const reason = reasons[codeOf(error) ?? ''];
    throw reason === undefined ? error : new Unreadable(reason);
  }
  if (bytes.length > limit) throw new Unreadable(`it is longer than ${limit} bytes`);
  return bytes;
}

/** UTF-8 text of bytes. Throws `Unreadable` where they are something else. */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Unreadable('it is not UTF-8 text');
  }
}

/**
 * Reads a JSON file that a stranger may have written: bytes capped before parsing, strict JSON, strict schema.
 * Throws `Unreadable` with the reason; the digest is compared first where one is given.
 */
export async function readJsonFile<T>(
  fileSystem: FileSystem,
  path: string,
  schema: FileSchema<T>,
  expected?: Digest,
): Promise<ReadFile<T>> {
  const bytes = await readBytes(fileSystem, path, fileLimit);
  const sha256 = sha256Of(bytes);
  if (expected !== undefined && sha256 !== expected) throw new Unreadable('its digest is not the one written down');
  return { value: parseWith(schema, textOf(bytes)), sha256 };
}

/** Parses strict JSON text with a schema. Throws `Unreadable` naming the first places that do not fit. */
function parseWith<T>(schema: FileSchema<T>, text: string): T {
  let json: unknown;
  try {
    json = parseStrictJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Unreadable(error.message);
    throw error;
  }
  checkVersion(json);
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.') || 'it'}: ${issue.message}`);
  throw new Unreadable(`it does not fit the schema (${issues.join('; ')})`);
}

/** A file of another major version is refused by its number, before the schema complains of details. */
function checkVersion(json: unknown): void {
  if (typeof json !== 'object' || json === null || !('schemaVersion' in json)) return;
  const { schemaVersion } = json;
  const major = formatVersion.split('.')[0];
  if (typeof schemaVersion !== 'string' || !/^\d{1,6}\.\d{1,6}$/.test(schemaVersion)) {
    throw new Unreadable('its schemaVersion is not of the form major.minor');
  }
  if (schemaVersion.split('.')[0] !== major) {
    throw new Unreadable(`it has format version ${schemaVersion}, and this Photofinish reads ${major}.x`);
  }
}
