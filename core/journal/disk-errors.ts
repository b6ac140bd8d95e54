const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file size limit is reached',
  EROFS: 'the disk is read-only',
  EIO: 'the disk reports an error',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** True for a disk that cannot take data now but may later, as against a folder that is wrong. */
export function isDiskRefusal(error: unknown): boolean {
  return codeOf(error) in REASONS;
}

/** Why nothing is recorded and what to do about it. */
export function describeDiskError(error: unknown, dir: string): string {
  const reason = REASONS[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
  return `Not recording: ${reason} (${dir}). Make room or repair it; recording goes on by itself.`;
}
