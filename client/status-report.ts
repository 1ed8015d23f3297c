/** What the status page shows, as the server sends it. */
export interface StatusReport {
  /** Seconds. */
  readonly uptime: number;
  /** How many event streams are open. */
  readonly streams: number;
  readonly tabs: readonly OpenTab[];
  /** The newest first. */
  readonly changes: readonly RecentChange[];
  readonly settings: Readonly<Record<string, string>>;
  /** What has no `href` is not for a browser to open. */
  readonly links: readonly { readonly text: string; readonly href?: string }[];
}

export interface OpenTab {
  readonly page: string;
  readonly title: string;
  readonly browser: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

export interface RecentChange {
  readonly event: {
    readonly timestamp: number;
    readonly operation: string;
    readonly path: string;
    readonly from?: string;
  };
  /** Missing until all tabs have told what they did. */
  readonly outcome?: Outcome;
}

export interface Outcome {
  readonly tabs: number;
  readonly acts: { readonly swap: number; readonly reload: number; readonly none: number };
  /** Milliseconds; missing when no tab answered. */
  readonly duration?: number;
}
