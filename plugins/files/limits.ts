/** A limit of the system that watching has met. */
export type LimitCode = 'ENOSPC' | 'EMFILE' | 'ENFILE';

export interface MetLimit {
  readonly code: LimitCode;
  /** Folders, of those that are to be watched. */
  readonly watched: number;
  readonly total: number;
}

const CODES: readonly LimitCode[] = ['ENOSPC', 'EMFILE', 'ENFILE'];
/** There is nothing to be listed, or nothing that may be: so it stays until something changes. */
const FINAL = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP'];

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

/** Which limit an error tells of. */
export function limitOf(error: unknown): LimitCode | undefined {
  const code = codeOf(error);
  return CODES.find((each) => each === code);
}

/** Whether an error says nothing about what is on the disk. */
export function isPassing(error: unknown): boolean {
  const code = codeOf(error);
  return typeof code !== 'string' || !FINAL.includes(code);
}

/** What the limit is named, and how to raise it. */
export interface Remedy {
  readonly limit: string;
  readonly command: string;
}

/**
 * @param canOpen whether a file can be opened: if so, EMFILE is about watchers, not about files
 * @param limitNamed reads a limit, by the name that sysctl gives it
 */
export function remedyFor(
  code: LimitCode,
  platform: NodeJS.Platform,
  canOpen: boolean,
  limitNamed: (name: string) => number | undefined,
): Remedy {
  const sysctl = (name: string, least: number): Remedy => {
    const value = limitNamed(name);
    const wanted = Math.max(least, (value ?? 0) * 2);
    const limit = `${name}${value === undefined ? '' : ` (${value})`}`;
    return { limit, command: `sudo sysctl ${name}=${wanted}` };
  };
  if (platform === 'linux' && code === 'ENOSPC') {
    return sysctl('fs.inotify.max_user_watches', 524_288);
  }
  if (platform === 'linux' && code === 'EMFILE' && canOpen) {
    return sysctl('fs.inotify.max_user_instances', 1024);
  }
  if (platform === 'linux' && code === 'ENFILE') return sysctl('fs.file-max', 1_048_576);
  return { limit: 'open files (ulimit -n)', command: 'ulimit -n 65536' };
}

/** One line for the developer's terminal. */
export function limitNotice(root: string, { watched, total }: MetLimit, remedy: Remedy): string {
  return (
    `Only ${watched} of ${total} folders in ${root} can be watched: the limit of ` +
    `${remedy.limit} is reached. The others are looked at about once a second, which is slower. ` +
    `To raise it: ${remedy.command}`
  );
}
