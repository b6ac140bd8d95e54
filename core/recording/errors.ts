/**
 * - `missing`, `disk`: the file is not there, or cannot be read or written.
 * - `foreign`, `newer`: the file is not one this program can read.
 * - `damaged`: it is a recording, but not all of it is as it was written.
 * - `empty`: nothing was recorded in the stretch that was asked for.
 */
export type RecordingErrorKind = 'missing' | 'disk' | 'foreign' | 'newer' | 'damaged' | 'empty';

/** An error of a recording: `kind` for code, `message` one or two plain sentences for people. */
export class RecordingError extends Error {
  readonly kind: RecordingErrorKind;

  constructor(kind: RecordingErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'RecordingError';
    this.kind = kind;
  }
}

/** The error of a file whose bytes are not as they were written; `where` names a place in it. */
export function damaged(file: string, where: string, cause?: unknown): RecordingError {
  return new RecordingError(
    'damaged',
    `The recording ${file} is damaged: ${where}. Copy it again from where it came from, or export it again.`,
    cause,
  );
}

/** Turns an error of the file system into a sentence; any other error is given back as it is. */
export function toRecordingError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error;
  if (error.code === 'ENOENT') return new RecordingError('missing', `There is no file ${file}.`, error);
  if (error.code === 'ENOSPC') {
    return new RecordingError('disk', `No space left for ${file}. Free some disk space, then try again.`, error);
  }
  return new RecordingError(
    'disk',
    `The file ${file} cannot be used (${error.message}). Check the disk and the permissions of its folder.`,
    error,
  );
}
