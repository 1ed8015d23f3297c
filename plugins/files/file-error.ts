import { TooManyFilesError, UnreadableFileError } from '../errors.ts';

const EXHAUSTED: readonly unknown[] = ['EMFILE', 'ENFILE'];

/** The code of the system's error, such as `EACCES`; undefined for what is none. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** Whether an error says that too many files are open: soon they are not. */
export function isExhausted(error: unknown): boolean {
  return EXHAUSTED.includes(codeOf(error));
}

/** An error of the disk as clients may be told of it: its own text names a path. */
export function fileError(cause: unknown): Error {
  if (isExhausted(cause)) return new TooManyFilesError({ cause });
  return new UnreadableFileError(String(codeOf(cause) ?? 'unknown'), { cause });
}
