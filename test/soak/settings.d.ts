export interface SoakSettings {
  readonly minutes: number;
  readonly seed: number;
  readonly soakOnly: boolean;
  /** Of the servers that are soaked, one. */
  readonly only: string | undefined;
  /** Only to be told how it is used. */
  readonly help: boolean;
}

/** From so many minutes on a soak resolves 1 MiB per hour, or fails. */
export const RESOLVING_MINUTES: number;
export const HELP: string;

export function readSettings(args: readonly string[]): SoakSettings;
