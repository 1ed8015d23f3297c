import type { Arena } from './arena/arena.ts';

interface Published {
  /** CVE and GHSA ids; empty for a mistake that nobody has numbered. */
  readonly ids: readonly string[];
  /** Other names that it goes by, such as the number of an issue. */
  readonly aliases?: readonly string[];
  /** Whose mistake it was. */
  readonly product: string;
  /** What went wrong there. */
  readonly cause: string;
}

/** A published mistake of another project, and what comes of trying it here. */
export type Advisory = Published &
  (
    | {
        /** What holds here: a sentence of behaviour. */
        readonly promise: string;
        /** Attacks; fails where the attack comes through. */
        readonly probe: (arena: Arena) => Promise<void> | void;
      }
    | {
        /** Why there is nothing here to attack. */
        readonly doesNotApply: string;
      }
  );

/** `CVE-2025-30208, CVE-2025-31125 (vite)` */
export function nameOf({ ids, aliases = [], product }: Advisory): string {
  const names = [...ids, ...aliases].join(', ');
  return names === '' ? product : `${names} (${product})`;
}
