import { escapeHtml } from './escape.ts';
import { pageOf } from './shell.ts';

/** URL paths that the page needs. */
export interface StatusPaths {
  readonly script: string;
  /** Of what the page shows. */
  readonly status: string;
  /** Of the event stream; undefined where there is none. */
  readonly events: string | undefined;
}

/** The status page, without any content: its script fills it in. */
export function statusPage({ script, status, events = '' }: StatusPaths): string {
  const data = `data-status="${escapeHtml(status)}" data-events="${escapeHtml(events)}"`;
  return pageOf({
    title: 'dev-serve',
    isWide: true,
    main: `<h1>dev-serve</h1>
<p id="state" class="quiet">Asking the server …</p>
<noscript><p>This page needs JavaScript.</p></noscript>
${section('tabs', 'Open tabs', ['Page', 'Title', 'Browser', 'Since'])}
${section('changes', 'Recent changes', ['Change', 'What the tabs did', 'Took', 'At'])}
<h2>Settings</h2>
<dl id="settings"></dl>
<h2>Links</h2>
<ul id="links"></ul>
<script src="${escapeHtml(script)}" ${data}></script>`,
  });
}

function section(id: string, heading: string, columns: readonly string[]): string {
  const head = columns.map((column) => `<th scope="col">${column}</th>`).join('');
  return `<h2 id="${id}-heading">${heading}</h2>
<table aria-labelledby="${id}-heading">
<thead><tr>${head}</tr></thead>
<tbody id="${id}"></tbody>
</table>`;
}
