import type { MarkStorage } from './reload-guard.ts';

export interface TabStorage extends MarkStorage {
  /** Whether it outlives a reload. */
  readonly lasts: boolean;
}

/** sessionStorage, or a page's own memory where it is denied, as in a sandboxed frame. */
export function openStorage(): TabStorage {
  try {
    const key = 'dev-serve:lasts';
    sessionStorage.setItem(key, '');
    sessionStorage.removeItem(key);
    return {
      lasts: true,
      getItem: (name) => sessionStorage.getItem(name),
      setItem: (name, value) => sessionStorage.setItem(name, value),
    };
  } catch {
    const items = new Map<string, string>();
    return {
      lasts: false,
      getItem: (name) => items.get(name) ?? null,
      setItem: (name, value) => void items.set(name, value),
    };
  }
}
