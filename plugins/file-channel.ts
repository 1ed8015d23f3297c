import type { Channel } from './events/channel.ts';
import type { EventHub } from './events/event-hub.ts';
import type { Change } from './files/change.ts';
import { type FileEvent, FileEvents } from './files/file-events.ts';

const NAME = 'files';

/** @param savedAt when the file system recorded it, in milliseconds since the epoch, if it did */
export type FileListener = (event: FileEvent, savedAt: number | undefined) => void;

/** The channel that carries the changes of files to open pages, and to whoever listens here. */
export class FileChannel {
  readonly channel: Channel;
  readonly #events = new FileEvents();
  readonly #listeners: FileListener[] = [];

  constructor(hub: EventHub) {
    this.channel = hub.channel(NAME);
  }

  /** The moment: what a page that is asked for now has to resume from. */
  get moment(): { readonly build: number; readonly cursor: string } {
    return { build: this.#events.latest, cursor: this.channel.lastEventId ?? '' };
  }

  /** Calls the listener with each change, once it has been published; it must not throw. */
  readonly subscribe = (listener: FileListener): void => {
    this.#listeners.push(listener);
  };

  readonly publish = async (change: Change, savedAt?: number): Promise<void> => {
    const event = this.#events.stamp(change);
    await this.channel.publish({ data: event });
    for (const listener of this.#listeners) listener(event, savedAt);
  };

  /** Has all open pages reload, whatever has changed. */
  async reload(): Promise<void> {
    await this.channel.publish({ data: { type: 'reload', timestamp: this.#events.next() } });
  }
}
