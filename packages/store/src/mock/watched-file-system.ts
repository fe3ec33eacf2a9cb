import type { FileSystem, OpenFile } from '../file-system.ts';

/** One call to a file system, open files included. */
export interface Call {
  readonly name: keyof FileSystem | keyof OpenFile;
  /** The paths given, or the path the file was opened by. */
  readonly paths: readonly string[];
}

/** Looks on, and interferes. */
export interface Watcher {
  /** Throws to make the call fail before it does anything; `short` lets a write take one byte only. */
  before?(call: Call): 'short' | undefined;
  /** Once the call has succeeded. */
  after?(call: Call): void;
}

/** A file system that tells every call to a watcher first. */
export function watchedFileSystem(inner: FileSystem, watcher: Watcher): FileSystem {
  return watched(inner, watcher, []);
}

/** Calls that change nothing on the disk. */
export const isLooking = ({ name }: Call): boolean =>
  ['kind', 'list', 'read', 'freeBytes', 'size', 'claim', 'close'].includes(name);

function watched<T extends object>(inner: T, watcher: Watcher, opened: readonly string[]): T {
  return new Proxy(inner, {
    get(target, key) {
      const method: unknown = Reflect.get(target, key);
      if (typeof method !== 'function') return method;
      return async (...given: unknown[]) => {
        const texts = given.filter((value) => typeof value === 'string');
        const call = { name: key as Call['name'], paths: texts.length > 0 ? texts : opened };
        const advice = watcher.before?.(call);
        const shortened = advice === 'short' && given[0] instanceof Uint8Array ? [given[0].subarray(0, 1)] : given;
        const result: unknown = await method.apply(target, shortened);
        watcher.after?.(call);
        const isFile = call.name === 'openNew' || call.name === 'openToAppend';
        return isFile ? watched(result as OpenFile, watcher, texts) : result;
      };
    },
  });
}

/** An error as the system gives it. */
export const systemError = (code: string): Error => Object.assign(new Error(`${code}: made up, write`), { code });
