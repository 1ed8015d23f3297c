import type { StatusReport } from './status-report.ts';
import { changeText, durationText, outcomeText, tabCount, uptimeText } from './status-text.ts';

/** What each part of the page was made of. */
const shown = new Map<string, string>();

/** Shows a report. What others have written comes in as text, never as HTML. */
export function showReport({
  tabs,
  changes,
  settings,
  links,
  streams,
  uptime,
}: StatusReport): void {
  const connections = streams === 1 ? '1 connection' : `${streams} connections`;
  showState(`${tabCount(tabs.length)}, ${connections}, up for ${uptimeText(uptime)}`);
  show('tabs', tabs, (body) => {
    const rows = tabs.map(({ page, title, browser, since }) => [
      linkTo(page, page),
      ...[title, browser, clock(since)],
    ]);
    showRows(body, rows, 'No page is open. Open one, and it appears here.');
  });
  show('changes', changes, (body) => {
    const rows = changes.map(({ event, outcome }) => [
      ...[changeText(event), outcomeText(outcome)],
      ...[durationText(outcome?.duration), clock(event.timestamp)],
    ]);
    showRows(body, rows, 'Nothing has changed yet. Save a file, and it appears here.');
  });
  show('settings', settings, (list) => {
    for (const [name, value] of Object.entries(settings)) {
      list.append(elementOf('dt', name), elementOf('dd', value));
    }
  });
  show('links', links, (list) => {
    for (const { text, href } of links) {
      list.append(elementOf('li', href === undefined ? text : linkTo(href, text)));
    }
  });
}

/** Shows one line on how things are. */
export function showState(text: string): void {
  const element = document.getElementById('state');
  if (element !== null) element.textContent = text;
}

/** Makes a part of the page anew, unless nothing is: a link in it may have the focus. */
function show(id: string, data: unknown, fill: (element: HTMLElement) => void): void {
  const text = JSON.stringify(data);
  const element = document.getElementById(id);
  if (element === null || shown.get(id) === text) return;
  shown.set(id, text);
  element.replaceChildren();
  fill(element);
}

function showRows(
  body: HTMLElement,
  rows: readonly (readonly (string | Node)[])[],
  emptyText: string,
): void {
  if (!(body instanceof HTMLTableSectionElement)) return;
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
  cell.colSpan = body.parentElement?.querySelectorAll('th').length ?? 1;
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
