/** What the page did about a change. */
export type Act = 'swap' | 'reload' | 'none';

/** Tells the server what this tab is and what it does. */
export class Reporter {
  /** @param url that takes reports */
  constructor(url: string) {
    void url;
  }

  /** @param timestamp of the change */
  done(timestamp: number, act: Act): void {
    void [timestamp, act];
  }
}
