import type { Claim, EntryKind, FileSystem, OpenFile } from '../file-system.ts';

interface MemoryFile {
  readonly kind: 'file';
  bytes: Uint8Array;
  /** Contents as of the last sync: all that a power cut leaves for certain. */
  synced: Uint8Array;
}

interface MemoryFolder {
  readonly kind: 'folder';
  names: Map<string, MemoryNode>;
  /** Names as of the last sync. */
  synced: Map<string, MemoryNode>;
}

type MemoryNode = MemoryFile | MemoryFolder;

/** What a power cut does to everything that was not synced, asked once for each name and once for each file. */
export interface PowerCut {
  /** Whether a change of names that was not synced survives. */
  name(): boolean;
  /**
   * What is left of bytes that were not synced: the share kept, and the rest after it absent or zeros, or zeros before it (`hole`), as where a
   * later block reached the disk first.
   */
  contents(): { kept: number; rest: 'absent' | 'zeros' | 'hole' };
}

/** All written is there: what the end of a process leaves. */
export const nothingLost: PowerCut = { name: () => true, contents: () => ({ kept: 1, rest: 'absent' }) };

/** Only what was synced is there. */
export const allUnsyncedLost: PowerCut = { name: () => false, contents: () => ({ kept: 0, rest: 'absent' }) };

const emptyFolder = (): MemoryFolder => ({ kind: 'folder', names: new Map(), synced: new Map() });

const failure = (code: string, path: string) => Object.assign(new Error(`${code}: in memory, '${path}'`), { code });

const partsOf = (path: string) => path.split('/').filter((part) => part !== '' && part !== '.');

/**
 * A disk in memory that knows what is synced: for tests that need a store without a disk, and for cutting the power between any two calls.
 * Folders given to the constructor exist and are synced.
 */
export class MemoryFileSystem implements FileSystem {
  /** Bytes that `freeBytes` tells; nothing is charged against them. */
  free = 2 ** 40;
  #root = emptyFolder();
  readonly #claimed = new Set<MemoryNode>();

  constructor(folders: readonly string[] = []) {
    for (const path of folders) {
      let folder = this.#root;
      for (const part of partsOf(path)) {
        const next = folder.names.get(part) ?? emptyFolder();
        if (next.kind !== 'folder') throw failure('ENOTDIR', path);
        folder.names.set(part, next);
        folder.synced.set(part, next);
        folder = next;
      }
    }
  }

  async kind(path: string): Promise<EntryKind | null> {
    return this.#find(path)?.kind ?? null;
  }

  async list(folder: string): Promise<string[]> {
    return [...this.#folder(folder).names.keys()].sort();
  }

  async read(path: string, limit: number): Promise<Uint8Array> {
    return this.#file(path).bytes.slice(0, limit + 1);
  }

  async freeBytes(folder: string): Promise<number> {
    this.#folder(folder);
    return this.free;
  }

  async claim(folder: string): Promise<Claim> {
    const claimed = this.#folder(folder);
    if (this.#claimed.has(claimed)) throw failure('EBUSY', folder);
    this.#claimed.add(claimed);
    return { release: async () => void this.#claimed.delete(claimed) };
  }

  async makeFolder(path: string): Promise<void> {
    this.#add(path, emptyFolder());
  }

  async openNew(path: string): Promise<OpenFile> {
    const file: MemoryFile = { kind: 'file', bytes: new Uint8Array(), synced: new Uint8Array() };
    this.#add(path, file);
    return openFile(file);
  }

  async openToAppend(path: string): Promise<OpenFile> {
    return openFile(this.#file(path));
  }

  async link(existing: string, added: string): Promise<void> {
    this.#add(added, this.#file(existing));
  }

  async rename(from: string, to: string): Promise<void> {
    const node = this.#find(from);
    if (!node) throw failure('ENOENT', from);
    const [source, target] = [this.#parent(from), this.#parent(to)];
    target.folder.names.set(target.name, node);
    source.folder.names.delete(source.name);
  }

  async remove(file: string): Promise<void> {
    this.#file(file);
    const { folder, name } = this.#parent(file);
    folder.names.delete(name);
  }

  async removeFolder(path: string): Promise<void> {
    if (this.#folder(path).names.size > 0) throw failure('ENOTEMPTY', path);
    const { folder, name } = this.#parent(path);
    folder.names.delete(name);
  }

  async syncFolder(folder: string): Promise<void> {
    const found = this.#folder(folder);
    found.synced = new Map(found.names);
  }

  /** Replaces the contents of a file, as damage would: nothing in the store does this. */
  damage(path: string, change: (bytes: Uint8Array) => Uint8Array): void {
    const file = this.#file(path);
    file.bytes = change(file.bytes.slice());
    file.synced = file.bytes;
  }

  /** Another disk as it would be found after the power was cut now; this one goes on. */
  afterPowerCut(cut: PowerCut): MemoryFileSystem {
    const after = new MemoryFileSystem();
    after.free = this.free;
    after.#root = survivingFolder(this.#root, cut, new Map());
    return after;
  }

  #find(path: string): MemoryNode | undefined {
    let node: MemoryNode | undefined = this.#root;
    for (const part of partsOf(path)) {
      if (node?.kind === 'file') throw failure('ENOTDIR', path);
      node = node?.names.get(part);
    }
    return node;
  }

  #file(path: string): MemoryFile {
    const node = this.#find(path);
    if (!node) throw failure('ENOENT', path);
    if (node.kind !== 'file') throw failure('EISDIR', path);
    return node;
  }

  #folder(path: string): MemoryFolder {
    const node = this.#find(path);
    if (!node) throw failure('ENOENT', path);
    if (node.kind !== 'folder') throw failure('ENOTDIR', path);
    return node;
  }

  #parent(path: string): { folder: MemoryFolder; name: string } {
    const parts = partsOf(path);
    return { folder: this.#folder(parts.slice(0, -1).join('/')), name: parts.at(-1) ?? '' };
  }

  #add(path: string, node: MemoryNode): void {
    const { folder, name } = this.#parent(path);
    if (folder.names.has(name)) throw failure('EEXIST', path);
    folder.names.set(name, node);
  }
}

function openFile(file: MemoryFile): OpenFile {
  return {
    write: async (bytes) => {
      file.bytes = Buffer.concat([file.bytes, bytes]);
      return bytes.length;
    },
    size: async () => file.bytes.length,
    truncate: async (length) => {
      file.bytes = file.bytes.slice(0, length);
    },
    sync: async () => {
      file.synced = file.bytes;
    },
    close: async () => {},
  };
}

function survivingFolder(folder: MemoryFolder, cut: PowerCut, seen: Map<MemoryNode, MemoryNode>): MemoryFolder {
  const names = new Map<string, MemoryNode>();
  for (const name of new Set([...folder.names.keys(), ...folder.synced.keys()])) {
    const [now, then] = [folder.names.get(name), folder.synced.get(name)];
    const node = now === then || cut.name() ? now : then;
    if (node) names.set(name, surviving(node, cut, seen));
  }
  return { kind: 'folder', names, synced: new Map(names) };
}

/** A file of two names is one file still. */
function surviving(node: MemoryNode, cut: PowerCut, seen: Map<MemoryNode, MemoryNode>): MemoryNode {
  const known = seen.get(node);
  if (known) return known;
  const after = node.kind === 'file' ? survivingFile(node, cut) : survivingFolder(node, cut, seen);
  seen.set(node, after);
  return after;
}

function survivingFile({ bytes, synced }: MemoryFile, cut: PowerCut): MemoryFile {
  const left = bytes === synced ? bytes : survivingBytes(bytes, synced, cut.contents());
  return { kind: 'file', bytes: left, synced: left };
}

function survivingBytes(bytes: Uint8Array, synced: Uint8Array, left: ReturnType<PowerCut['contents']>): Uint8Array {
  const added = bytes.length - synced.length;
  // A shortened file is either still long or already short.
  if (added <= 0) return left.kept < 1 ? synced : bytes;
  const kept = Math.floor(added * left.kept);
  const there = Buffer.from(bytes.slice(0, left.rest === 'absent' ? synced.length + kept : bytes.length));
  if (left.rest === 'zeros') there.fill(0, synced.length + kept);
  if (left.rest === 'hole') there.fill(0, synced.length, bytes.length - kept);
  return there;
}
