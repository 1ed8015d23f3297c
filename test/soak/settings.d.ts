export interface SoakSettings {
  readonly minutes: number;
  readonly seed: number;
  readonly soakOnly: boolean;
}

export function readSettings(args: readonly string[]): SoakSettings;
