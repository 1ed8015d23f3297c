import type { Received } from './contiguity.ts';
import type { EventReader, OpenReader } from './event-reader.ts';

const LONGEST_PAUSE = 100;

/** What a client holds against what it receives; throws at the first thing that is wrong. */
export interface Check {
  readonly lastEventId: string | undefined;
  /** The connection was (re)opened: a position frame has to come first. */
  reconnect(): void;
  take(event: Received): void;
}

/** A client that is killed, or stops reading, at any moment, and always comes back. */
export class ErraticClient<Checked extends Check = Check> {
  readonly check: Checked;
  /** What was wrong first. */
  failure: unknown;
  /** How often it has connected. */
  connections = 0;
  readonly #open: OpenReader;
  readonly #chooseUrl: () => string;
  readonly #random: () => number;
  #reader: EventReader | undefined;
  #timer: NodeJS.Timeout | undefined;
  #away = false;

  /** `chooseUrl` is asked for each connection. */
  constructor(check: Checked, open: OpenReader, chooseUrl: () => string, random: () => number) {
    this.check = check;
    this.#open = open;
    this.#chooseUrl = chooseUrl;
    this.#random = random;
    this.#connect();
  }

  act(): void {
    const dice = this.#random();
    if (dice < 0.02) this.#reader?.kill();
    else if (dice < 0.06) this.#reader?.pause();
    else if (dice < 0.3) this.#reader?.resume();
  }

  resume(): void {
    this.#reader?.resume();
  }

  /** Its connection breaks; it comes back. */
  cut(): void {
    this.#reader?.kill();
  }

  /** Disconnects and stays away. */
  leave(): void {
    this.#away = true;
    clearTimeout(this.#timer);
    this.#reader?.kill();
  }

  comeBack(): void {
    this.#away = false;
    this.#connect();
  }

  #connect(): void {
    this.connections += 1;
    this.check.reconnect();
    const reader = this.#open(this.#chooseUrl(), this.check.lastEventId, {
      onEvent: (event) => {
        try {
          this.check.take(event);
        } catch (error) {
          this.failure ??= error;
        }
      },
      onClose: () => {
        // As any client does: a server that is down is not asked without a pause.
        if (!this.#away && this.#reader === reader) {
          this.#timer = setTimeout(() => this.#connect(), LONGEST_PAUSE * this.#random());
        }
      },
    });
    this.#reader = reader;
  }
}
