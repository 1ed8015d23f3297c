/** What the page did about a change. */
export type Act = 'swap' | 'reload' | 'none';

/** Something that the developer should read in the terminal. */
export interface LogEntry {
  readonly kind: 'script-error' | 'failed-request' | 'no-reload';
  readonly text: string;
}

/** As often as requests are sent at most; the first one goes at once. */
const INTERVAL_MS = 300;
/** Of one request, whose body must stay below the 64 KiB that `keepalive` allows. */
const MAX_CHANGES = 1000;
const MAX_ENTRIES = 20;
const MAX_PATH = 2000;
const MAX_TEXT = 500;

/** Tells the server what this tab is and what it does. */
export class Reporter {
  readonly #url: string;
  readonly #tab: string;
  readonly #build: number;
  #changes: { readonly timestamp: number; readonly act: Act; readonly at: number }[] = [];
  #entries: LogEntry[] = [];
  #sent = -INTERVAL_MS;
  #isScheduled = false;
  #isRefused = false;

  /**
   * @param url that takes reports
   * @param tab id of the tab
   * @param build timestamp of the last change that is in the page
   */
  constructor(url: string, tab: string, build: number) {
    this.#url = url;
    this.#tab = tab;
    this.#build = build;
    addEventListener('securitypolicyviolation', ({ blockedURI, disposition }) => {
      // Once said in the console is enough.
      this.#isRefused ||= disposition === 'enforce' && blockedURI.endsWith(url);
    });
  }

  open(): void {
    this.#send('open', { title: document.title.slice(0, MAX_TEXT), build: this.#build });
  }

  close(): void {
    this.#flush();
    this.#send('close');
  }

  /** @param timestamp of the change */
  done(timestamp: number, act: Act): void {
    this.#changes.push({ timestamp, act, at: performance.now() });
    this.#schedule();
  }

  log(kind: LogEntry['kind'], text: string): void {
    this.#entries.push({ kind, text: text.slice(0, MAX_TEXT) });
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const flush = (): void => this.#flush();
    const wait = this.#sent + INTERVAL_MS - performance.now();
    if (wait > 0) setTimeout(flush, wait);
    // A timer of a hidden page takes a second, whatever it is set to.
    else queueMicrotask(flush);
  }

  #flush(): void {
    this.#isScheduled = false;
    this.#sent = performance.now();
    // How long ago: a report may wait, and the clock of this machine need not be the server's.
    const changes = this.#changes
      .splice(0, MAX_CHANGES)
      .map(({ at, ...change }) => ({ ...change, ago: Math.round(this.#sent - at) }));
    const entries = this.#entries.splice(0, MAX_ENTRIES);
    if (changes.length > 0) this.#send('done', { changes });
    if (entries.length > 0) this.#send('log', { entries });
    if (this.#changes.length + this.#entries.length > 0) this.#schedule();
  }

  #send(type: string, details: object = {}): void {
    if (this.#isRefused) return;
    const page = (location.pathname + location.search).slice(0, MAX_PATH);
    fetch(this.#url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tab: this.#tab, page, type, ...details }),
      keepalive: true,
    }).then(
      ({ status }) => {
        // An older server has no such route, and a host in front of it may not let it through.
        this.#isRefused ||= status === 404 || status === 405;
      },
      () => {
        // The report is lost; what it tells of has happened all the same.
      },
    );
  }
}
