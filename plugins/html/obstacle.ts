/** Why a page cannot follow changes. */
export interface Obstacle {
  /** URL path of the page. */
  readonly page: string;
  /** One line that names the page, what is in the way, and what to do. */
  readonly text: string;
}

const REMEMBERED = 1000;

/** Passes on what keeps pages from reloading, each thing once for each page. */
export class ObstacleLog {
  readonly #told = new Set<string>();
  readonly #tell: (obstacle: Obstacle) => void;

  constructor(tell: (obstacle: Obstacle) => void) {
    this.#tell = tell;
  }

  /** @param cause - what stays the same while the text does not, such as the name of a directive */
  add(obstacle: Obstacle, cause: string): void {
    const key = JSON.stringify([obstacle.page, cause]);
    if (this.#told.has(key)) return;
    // An app makes any number of paths.
    if (this.#told.size >= REMEMBERED) this.#told.clear();
    this.#told.add(key);
    this.#tell(obstacle);
  }
}
