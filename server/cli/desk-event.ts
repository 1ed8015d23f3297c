import type { Act, FileEvent, Notice } from '../../plugins/dev-serve.ts';

/** What the server tells when it listens. */
export interface Ready {
  readonly type: 'ready';
  readonly version: string;
  readonly url: string;
  /** URLs by which other machines reach the server. */
  readonly networkUrls: readonly string[];
  /** Absolute path of the directory. */
  readonly root: string;
  /** Whether its files are served, or another server answers for all paths. */
  readonly isServed: boolean;
  readonly eventsUrl: string;
  /** Directories by URL path. */
  readonly mounts: Readonly<Record<string, string>>;
  /** URLs of other servers by URL path. */
  readonly proxies: Readonly<Record<string, string>>;
  /** The port that was asked for, when it was taken. */
  readonly takenPort?: number;
  /** Milliseconds from the start of the process, a whole number. */
  readonly startTime: number;
  /** What lets in more than is safe by default, a line each. */
  readonly warnings: readonly string[];
}

type Changed = Omit<FileEvent, 'type'>;

/** A change, at once. */
export interface Changing extends Changed {
  readonly type: 'change';
}

/** What came of a change in the open tabs. */
export interface Outcome extends Changed {
  readonly type: 'outcome';
  readonly tabs: number;
  readonly acts: Readonly<Record<Act, number>>;
  /** Milliseconds from the save until it was sent; null when the time of the save is not known. */
  readonly sent: number | null;
  /** Milliseconds from the save, else from the sending, until the last tab was done; null for none. */
  readonly duration: number | null;
}

export interface Noticed extends Notice {
  readonly type: 'notice';
}

/** A line of the server's log. */
export interface Logged {
  readonly type: 'log';
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
}

export interface Failed {
  readonly type: 'error';
  readonly text: string;
}

export interface Closed {
  readonly type: 'close';
}

/** All that a terminal or a tool is told; with `--json`, each is a line of its own. */
export type DeskEvent = Ready | Changing | Outcome | Noticed | Logged | Failed | Closed;
