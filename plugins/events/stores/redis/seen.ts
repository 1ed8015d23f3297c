import type { Position } from '../../event-id.ts';

/** The newest position that this process knows of: a log that ends before it has lost entries. */
export class Seen {
  #position: Position = { epoch: '', seq: 0 };

  get position(): Position {
    return this.#position;
  }

  note({ epoch, seq }: Position): void {
    if (epoch !== this.#position.epoch || seq > this.#position.seq) {
      this.#position = { epoch, seq };
    }
  }
}
