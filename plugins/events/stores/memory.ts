import { integerOption } from '../../options.ts';
import { formatEventId, newEpoch } from '../event-id.ts';
import type { Entry, EventText } from '../message.ts';
import type { EventStore, Tail } from '../store.ts';

export interface MemoryStoreOptions {
  /** Entries kept per channel; older ones are forgotten. @default 1000 */
  readonly limit?: number | undefined;
}

interface MemoryLog {
  readonly epoch: string;
  readonly entries: Entry[];
  readonly listeners: Set<(entry: Entry) => void>;
  head: number;
}

/** Keeps the newest entries of each channel in this process. Every process is a new epoch. */
export function memoryStore(options: MemoryStoreOptions = {}): EventStore {
  const limit = integerOption('limit', options.limit ?? 1000, 1);
  const logs = new Map<string, MemoryLog>();

  function log(channel: string): MemoryLog {
    let found = logs.get(channel);
    if (!found) {
      found = { epoch: newEpoch(), entries: [], listeners: new Set(), head: 0 };
      logs.set(channel, found);
    }
    return found;
  }

  return {
    async append(channel: string, event: EventText): Promise<Entry> {
      const target = log(channel);
      target.head += 1;
      const entry = { ...event, seq: target.head, id: formatEventId(target.epoch, target.head) };
      target.entries.push(entry);
      if (target.entries.length > limit) target.entries.shift();
      for (const listener of target.listeners) listener(entry);
      return entry;
    },

    async read(channel: string, seq: number, count: number): Promise<readonly Entry[]> {
      const { entries } = log(channel);
      const start = Math.max(0, seq + 1 - (entries[0]?.seq ?? 1));
      return entries.slice(start, start + count);
    },

    async follow(channel: string, listener: (entry: Entry) => void): Promise<Tail> {
      const { epoch, head, listeners } = log(channel);
      listeners.add(listener);
      return { epoch, head, stop: () => listeners.delete(listener) };
    },

    async close(): Promise<void> {
      logs.clear();
    },
  };
}
