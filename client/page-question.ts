import { askForPage, askForServer, type PageState } from './page-state.ts';

/** For so long an answer counts: a page that slept meanwhile asks anew. */
const FRESH_MS = 25;

/** Asks before a reload what it would show, so that no error takes the place of the page. */
export class PageQuestion {
  readonly #script: string;
  readonly #file: string;
  #mayBeGone = false;
  #isGone = false;
  #asked: Promise<PageState> | undefined;
  /** When, in milliseconds since the Unix epoch: a page that sleeps may have its other clock sleep. */
  #askedAt = 0;

  /**
   * @param script URL of the client: the server is asked for it
   * @param file URL path of the file that the page is, or '' for one that an app made
   */
  constructor(script: string, file: string) {
    this.#script = script;
    this.#file = file;
  }

  /**
   * An answer so far is out of date.
   * @param mayBeGone a file was removed: the page itself may not be there any more
   */
  invalidate(mayBeGone: boolean): void {
    this.#mayBeGone ||= mayBeGone;
    this.#asked = undefined;
  }

  /** Asks ahead, so that the answer is there sooner: for the server alone, which costs it little. */
  ask(): void {
    if (this.#mayBeGone || this.#isGone) return;
    this.#asked = this.#send();
    this.#askedAt = Date.now();
  }

  async answer(): Promise<PageState> {
    const isFresh = Math.abs(Date.now() - this.#askedAt) < FRESH_MS;
    const asked = (isFresh && this.#asked) || this.#send();
    this.#asked = undefined;
    this.#mayBeGone = false;
    const state = await asked;
    // Removed while the server was answering.
    if (this.#mayBeGone) return this.answer();
    if (state === 'unknown') {
      // What a server shows that has come back is not known.
      this.#mayBeGone = true;
      return state;
    }
    const wasGone = this.#isGone;
    this.#isGone = state === 'gone';
    if (this.#isGone && !wasGone) {
      console.info('[dev-serve] this page is gone; waiting for it to be there again');
    }
    return state;
  }

  #send(): Promise<PageState> {
    const mayBeGone = this.#mayBeGone || this.#isGone;
    return mayBeGone ? askForPage(this.#script, this.#file) : askForServer(this.#script);
  }
}
