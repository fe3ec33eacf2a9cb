import { constants } from 'node:fs';
import {
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  rmdir,
  stat,
  statfs,
  unlink,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { type Claim, codeOf, type FileSystem, type OpenFile } from './file-system.ts';

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/** The real disk. */
export const nodeFileSystem: FileSystem = {
  kind: async (path) => {
    try {
      const found = await lstat(path);
      return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    }
  },
  list: async (folder) => (await readdir(folder)).sort((a, b) => (a < b ? -1 : 1)),
  read: async (path, limit) => {
    // Non-blocking, because opening a named pipe would otherwise wait for a writer for ever.
    const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      return await readStart(handle, limit + 1);
    } finally {
      await handle.close();
    }
  },
  freeBytes: async (folder) => {
    const disk = await statfs(folder);
    return disk.bavail * disk.bsize;
  },
  claim: claimFolder,
  makeFolder: (path) => mkdir(path),
  openNew: async (path) => openFile(await open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL, 0o644)),
  openToAppend: async (path) => openFile(await open(path, O_WRONLY | O_APPEND | O_NOFOLLOW)),
  link: (existing, added) => link(existing, added),
  rename: (from, to) => rename(from, to),
  remove: (file) => unlink(file),
  removeFolder: (folder) => rmdir(folder),
  syncFolder: async (folder) => {
    const handle = await open(folder, O_RDONLY);
    try {
      await handle.sync();
    } catch (error) {
      // Some network and shared folders know no fsync of a folder: they keep their names in order by other means, and SQLite passes over it too.
      if (codeOf(error) !== 'EINVAL') throw error;
    } finally {
      await handle.close();
    }
  },
};

/**
 * Binds an abstract Unix socket named after the folder's device and inode: the kernel lets one process have it and frees it when that process
 * ends, SIGKILL included, where a lock file would stay behind (unix(7)). Other systems have no such sockets and no claim.
 */
async function claimFolder(folder: string): Promise<Claim> {
  if (process.platform !== 'linux') return { release: async () => {} };
  const { dev, ino } = await stat(folder);
  const server = createServer().unref();
  await new Promise<void>((bound, failed) => {
    server.once('error', (error) => {
      const isTaken = codeOf(error) === 'EADDRINUSE';
      failed(isTaken ? Object.assign(new Error('EBUSY: another process works there'), { code: 'EBUSY' }) : error);
    });
    server.listen(`\0photofinish-run-${dev}-${ino}`, bound);
  });
  return { release: () => new Promise((released) => server.close(() => released())) };
}

async function readStart(handle: FileHandle, most: number): Promise<Uint8Array> {
  const found = await handle.stat();
  if (!found.isFile()) throw Object.assign(new Error('not a regular file'), { code: 'EINVAL' });
  const bytes = Buffer.alloc(Math.min(found.size, most));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function openFile(handle: FileHandle): OpenFile {
  return {
    write: async (bytes) => (await handle.write(bytes)).bytesWritten,
    size: async () => (await handle.stat()).size,
    truncate: (length) => handle.truncate(length),
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}
