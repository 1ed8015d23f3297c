import type { SoakSettings } from './settings.js';

export interface Step {
  readonly name: string;
  /** Of Vitest. */
  readonly args: readonly string[];
  /** Of its environment. */
  readonly variables: Readonly<Record<string, string>>;
  readonly mostMinutes: number;
}

export function stepsOf(settings: SoakSettings): Step[];
