import type { OpenTab } from '../../plugins/tabs/open-tab.ts';
import type { Act } from '../../plugins/tabs/outcomes.ts';
import type { Report } from '../../plugins/tabs/report.ts';
import type { TabList } from '../../plugins/tabs/tab-list.ts';

type Details<Type> = Type extends Report['type']
  ? Omit<Extract<Report, { type: Type }>, 'tab' | 'page' | 'type'>
  : never;

/** A tab that reports to a list what one in a browser would. */
export class ReportingTab {
  readonly #list: TabList;
  readonly #sender: { readonly tab: string; readonly page: string };

  constructor(list: TabList, id: string | number, page = '/') {
    this.#list = list;
    this.#sender = { tab: `tab-0000-${id}`, page };
  }

  /** The same tab at another page, or a frame in it. */
  with(page: string): ReportingTab {
    return new ReportingTab(this.#list, this.#sender.tab.slice(9), page);
  }

  open({ title = '', build }: Partial<Details<'open'>> = {}): OpenTab {
    return this.#hear({ ...this.#sender, type: 'open', title, build });
  }

  close(): void {
    this.#list.hear({ ...this.#sender, type: 'close' }, undefined);
  }

  /** @returns the tab as the list knows it, after a report of this */
  done(timestamp: number, act: Act): OpenTab {
    return this.#hear({ ...this.#sender, type: 'done', changes: [{ timestamp, act }] });
  }

  #hear(report: Report): OpenTab {
    const tab = this.#list.hear(report, 'Firefox/145.0');
    if (tab === undefined) throw new Error('the list does not know this tab');
    return tab;
  }
}
