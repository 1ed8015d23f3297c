/** What a tab did about a change. */
export type Act = 'swap' | 'reload' | 'none';

/** What came of a change in the open tabs. */
export interface ChangeOutcome<Event> {
  readonly event: Event;
  /** How many tabs it reached. */
  readonly tabs: number;
  /** How many of them did what; those that did not answer in time are in none of these. */
  readonly acts: Readonly<Record<Act, number>>;
  /**
   * Milliseconds from the save, as the file system recorded it, until the change was sent to the tabs;
   * undefined when the time of the save is not known: a removal leaves none.
   */
  readonly sent: number | undefined;
  /**
   * Milliseconds from the save, or from the sending where `sent` is undefined, until the last tab was
   * done; undefined when no tab answered.
   */
  readonly duration: number | undefined;
}
