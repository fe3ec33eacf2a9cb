import { EnvironmentError, EnvironmentLostError } from '@photofinish/schema';
import { codeOf } from './file-system.ts';

const fullCodes = ['ENOSPC', 'EDQUOT'];
const placeCodes = ['EROFS', 'EACCES', 'EPERM', 'ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP'];

/** Whether an error says that there is no room: the disk's or this user's quota. */
export const isDiskFull = (error: unknown): boolean => fullCodes.includes(codeOf(error) ?? '');

/**
 * What a failed call means once a run is under way: the disk was full (`E_DISK_FULL`) or failed (`E_DISK_FAILED`), both `EnvironmentLostError`.
 * Errors that no file system made pass through.
 */
export function lossError(folder: string, cause: unknown): Error {
  if (codeOf(cause) === null) return cause instanceof Error ? cause : new Error(String(cause));
  if (isDiskFull(cause)) {
    return new EnvironmentLostError('E_DISK_FULL', {
      what: 'the disk that holds the results is full',
      where: folder,
      given: describe(cause),
      remedy: 'free some space, then go on with --resume; everything finished is kept',
      cause,
    });
  }
  return new EnvironmentLostError('E_DISK_FAILED', {
    what: 'the disk that holds the results failed',
    where: folder,
    given: describe(cause),
    remedy: 'look for the disk in the kernel log (dmesg), then go on with --resume; everything finished is kept',
    cause,
  });
}

/** What a failed call means while a run's files are opened: a place that cannot be written to is told apart from a disk that failed. */
export function openingError(folder: string, cause: unknown): Error {
  if (!placeCodes.includes(codeOf(cause) ?? '')) return lossError(folder, cause);
  return new EnvironmentError('E_RESULTS_NOT_WRITABLE', {
    what: 'results cannot be written there',
    where: folder,
    given: describe(cause),
    allowed: 'an existing folder on a disk that this user may write to',
    remedy: 'name such a folder with --out DIR, or make this one writable',
    cause,
  });
}

/** The system's own words without the path, which may name a person. */
const describe = (cause: unknown): string =>
  cause instanceof Error ? cause.message.replace(/, [a-z]+( '.*)?$/s, '') : String(cause);
