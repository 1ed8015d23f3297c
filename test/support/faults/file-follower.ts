import { expect, onTestFinished } from 'vitest';
import { POSITION } from '../../../plugins/events/message.ts';
import type { Received } from '../contiguity.ts';
import { type EventReader, openSSE } from '../event-reader.ts';
import { Journal } from './journal.ts';
import { Mirror } from './mirror.ts';

const soon = { timeout: 30_000, interval: 20 };

/** A client that follows the file events of a dev server, on one connection, and believes them. */
export class FileFollower {
  readonly mirror: Mirror;
  readonly #journal = new Journal(['files'], true);
  readonly #reader: EventReader;
  #failure: unknown;

  private constructor(origin: string, root: string) {
    this.mirror = new Mirror(root);
    this.#reader = openSSE(new URL('/events', origin).href, undefined, {
      onEvent: (event) => this.#receive(event),
      onClose: () => {},
    });
    onTestFinished(() => this.leave());
  }

  /** Of a server on the folder `root`; resolves once it knows its place. */
  static async start(origin: string, root: string): Promise<FileFollower> {
    const follower = new FileFollower(origin, root);
    await expect.poll(() => follower.#journal.lastEventId, soon).toBeDefined();
    return follower;
  }

  leave(): void {
    this.#reader.kill();
  }

  /** It has had every event once and in order, and was told of no loss. */
  expectWhole(): void {
    expect(this.#failure).toBeUndefined();
    expect(this.#journal.losses).toBe(0);
  }

  #receive(event: Received): void {
    try {
      this.#journal.take(event);
    } catch (error) {
      this.#failure ??= error;
    }
    if (event.event !== POSITION) this.mirror.take(JSON.parse(event.data));
  }
}
