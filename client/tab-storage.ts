import type { HandoverStorage } from './handover.ts';

export interface TabStorage extends HandoverStorage {
  /** Whether it outlives a reload. */
  readonly lasts: boolean;
}

/** Room for one mark: a storage that the page has filled up is none. */
const PROBE = 'x'.repeat(500);

/** sessionStorage, or a page's own memory where that is denied, as with cookies blocked. */
export function openStorage(): TabStorage {
  try {
    const key = 'dev-serve:probe';
    sessionStorage.setItem(key, PROBE);
    sessionStorage.removeItem(key);
    return {
      lasts: true,
      getItem: (name) => sessionStorage.getItem(name),
      removeItem: (name) => sessionStorage.removeItem(name),
      setItem: (name, value) => {
        try {
          sessionStorage.setItem(name, value);
        } catch {
          // "QuotaExceededError": the next page finds out by the probe, and replays nothing.
        }
      },
    };
  } catch {
    const items = new Map<string, string>();
    return {
      lasts: false,
      getItem: (name) => items.get(name) ?? null,
      removeItem: (name) => void items.delete(name),
      setItem: (name, value) => void items.set(name, value),
    };
  }
}
