import type { Marked } from './replies.ts';

/** The newest entry that this process knows of: a log that does not hold it has lost entries. */
export class Seen {
  #position: Marked = { epoch: '', seq: 0, mark: '' };

  get position(): Marked {
    return this.#position;
  }

  note({ epoch, seq, mark }: Marked): void {
    if (epoch !== this.#position.epoch || seq > this.#position.seq) {
      this.#position = { epoch, seq, mark };
    }
  }
}
