/** A file open for appending. Nothing written is durable before `sync`. */
export interface OpenFile {
  /** Appends and returns the number of bytes taken, which may be fewer than given. */
  write(bytes: Uint8Array): Promise<number>;
  /** Current length in bytes. */
  size(): Promise<number>;
  truncate(length: number): Promise<void>;
  /** Returns when contents and length are on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** A folder claimed by this process. */
export interface Claim {
  /** Lets others claim the folder; the end of the process does the same, however it comes. */
  release(): Promise<void>;
}

/** What lies at a path, links not followed. */
export type EntryKind = 'file' | 'folder' | 'other';

/**
 * The calls `store` makes, and no others: the seam for tests that let each of them fail in turn and cut the power between any two.
 * Failures are Node's errors with a `code` such as `ENOSPC`.
 */
export interface FileSystem {
  /** Null when there is nothing. */
  kind(path: string): Promise<EntryKind | null>;
  /** Names in a folder, sorted by code point. */
  list(folder: string): Promise<string[]>;
  /** The first `limit + 1` bytes of a regular file at most, so that a caller sees that it is too long without loading it. Links are not followed. */
  read(path: string, limit: number): Promise<Uint8Array>;
  /** Bytes that this user may still write on the disk that holds the folder. */
  freeBytes(folder: string): Promise<number>;
  /** Claims a folder for this process alone; fails with `EBUSY` when another holder lives. */
  claim(folder: string): Promise<Claim>;
  /** Fails with `EEXIST` when the name is taken. */
  makeFolder(path: string): Promise<void>;
  /** Creates a file; fails with `EEXIST` when the name is taken. */
  openNew(path: string): Promise<OpenFile>;
  /** Opens a file that exists; every write lands at its end. */
  openToAppend(path: string): Promise<OpenFile>;
  /** Gives a file a second name; fails with `EEXIST` when that name is taken. */
  link(existing: string, added: string): Promise<void>;
  /** Moves a file or folder, replacing what has the new name. */
  rename(from: string, to: string): Promise<void>;
  remove(file: string): Promise<void>;
  removeFolder(folder: string): Promise<void>;
  /** Returns when the names in a folder are on the disk: without it a crash may lose a file whose contents are safe. */
  syncFolder(folder: string): Promise<void>;
}

/** The system's code of a failed call, such as `ENOSPC`; null for any other error, typed ones and Node's own included. */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code) ? error.code : null;
}
