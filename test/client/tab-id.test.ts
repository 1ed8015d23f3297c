import { describe, expect, it } from 'vitest';
import { TabId } from '../../client/tab-id.ts';

function storage(items = new Map<string, string>()) {
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  };
}

describe('the id of a tab', () => {
  it('is what the server takes for one, and another for each tab', () => {
    const ids = Array.from({ length: 100 }, () => new TabId(storage(), true).value);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]{8,64}$/);
    expect(new Set(ids).size).toBe(100);
  });

  it('is the same for the pages of a tab, one after the other', () => {
    const stored = storage();
    const first = new TabId(stored, true);
    first.leave();
    const second = new TabId(stored, true);
    expect(second.value).toBe(first.value);
    // As a page that the browser has kept is shown again.
    second.leave();
    first.take();
    expect(new TabId(stored, false).value).toBe(first.value);
  });

  it('is shared by the frames of a page, also of one that has no client', () => {
    const stored = storage();
    const outer = new TabId(stored, true);
    expect(new TabId(stored, false).value).toBe(outer.value);
    const alone = storage();
    const frame = new TabId(alone, false);
    expect(new TabId(alone, false).value).toBe(frame.value);
  });

  it('is another one for a tab that has started with a copy of the storage', () => {
    const stored = storage();
    const opener = new TabId(stored, true);
    const opened = storage(new Map(stored.items));
    expect(new TabId(opened, true).value).not.toBe(opener.value);
    expect(new TabId(stored, false).value).toBe(opener.value);
  });
});
