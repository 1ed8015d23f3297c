import type { StatusReport } from './status-report.ts';
import { changeText, durationText, outcomeText, tabCount, uptimeText } from './status-text.ts';

/** Shows a report. What others have written comes in as text, never as HTML. */
export function showReport(report: StatusReport): void {
  const { tabs, changes, settings, links, streams, uptime } = report;
  const connections = streams === 1 ? '1 connection' : `${streams} connections`;
  showState(`${tabCount(tabs.length)}, ${connections}, up for ${uptimeText(uptime)}`);
  showRows(
    'tabs',
    tabs.map((tab) => [linkTo(tab.page, tab.page), tab.title, tab.browser, clock(tab.since)]),
    'No page is open. Open one, and it appears here.',
  );
  showRows(
    'changes',
    changes.map(({ event, outcome }) => [
      changeText(event),
      outcomeText(outcome),
      durationText(outcome?.duration),
      clock(event.timestamp),
    ]),
    'Nothing has changed yet. Save a file, and it appears here.',
  );
  const facts = Object.entries(settings).flatMap(([name, value]) => [
    elementOf('dt', name),
    elementOf('dd', value),
  ]);
  document.getElementById('settings')?.replaceChildren(...facts);
  const items = links.map(({ text, href }) => elementOf('li', linkTo(href, text)));
  document.getElementById('links')?.replaceChildren(...items);
}

/** Shows one line on how things are. */
export function showState(text: string): void {
  const element = document.getElementById('state');
  // Not told again by a screen reader when nothing is new.
  if (element !== null && element.textContent !== text) element.textContent = text;
}

function showRows(
  id: string,
  rows: readonly (readonly (string | Node)[])[],
  emptyText: string,
): void {
  const body = document.getElementById(id);
  if (!(body instanceof HTMLTableSectionElement)) return;
  const columns = body.parentElement?.querySelectorAll('th').length ?? 1;
  body.replaceChildren();
  for (const row of rows) {
    const element = body.insertRow();
    for (const content of row) {
      const cell = element.insertCell();
      cell.append(content);
      // Titles and names are longer than what other tables of this look hold.
      cell.style.whiteSpace = 'normal';
    }
  }
  if (rows.length > 0) return;
  const cell = body.insertRow().insertCell();
  cell.colSpan = columns;
  cell.className = 'quiet';
  cell.textContent = emptyText;
}

function elementOf(name: 'dt' | 'dd' | 'li', content: string | Node): HTMLElement {
  const element = document.createElement(name);
  element.append(content);
  return element;
}

function linkTo(href: string, text: string): HTMLAnchorElement {
  const link = document.createElement('a');
  const url = URL.canParse(href, location.href) ? new URL(href, location.href) : location;
  // A page of the site, or one of ours; never a script.
  if (/^https?:$/.test(url.protocol)) link.href = url.href;
  link.textContent = text;
  return link;
}

function clock(milliseconds: number): string {
  return new Date(milliseconds).toLocaleTimeString();
}
