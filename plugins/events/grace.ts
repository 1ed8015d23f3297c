/** While this process itself stands still, no client gets anywhere: in so many parts it is seen to go on. */
const PARTS = 4;

/** Time for clients to take what is left for them. Nothing else may keep the process that has to end them. */
export class Grace {
  #timer: NodeJS.Timeout;

  /** Calls `over` after so many milliseconds, unless it is stopped. */
  constructor(milliseconds: number, over: () => void) {
    const wait = (parts: number): NodeJS.Timeout =>
      setTimeout(() => {
        if (parts === 1) over();
        else this.#timer = wait(parts - 1);
      }, milliseconds / PARTS);
    this.#timer = wait(PARTS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
