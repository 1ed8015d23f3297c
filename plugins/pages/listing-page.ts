import { escapeHtml, nameAsHtml } from './escape.ts';
import { formatSize, formatTime } from './format.ts';
import { pageOf } from './shell.ts';

/** A file or a folder, as a listing shows it. */
export interface ListedEntry {
  readonly name: string;
  readonly isFolder: boolean;
  /** In bytes. */
  readonly size: number;
  readonly modified: Date;
}

export interface ListedFolder {
  /** Names of the folders from the root, for which the first stands, to the one that is listed. */
  readonly path: readonly string[];
  readonly entries: readonly ListedEntry[];
  /** How many more there are than `entries` has. */
  readonly left: number;
}

/** The page for a folder that has none of its own. */
export function listingPage({ path, entries, left }: ListedFolder): string {
  const rows = entries.map(row).join('');
  const up = path.length > 1 ? '<tr><td><a href="../">../</a></td><td></td><td></td></tr>\n' : '';
  const isEmpty = entries.length === 0;
  const note = isEmpty
    ? '<p class="quiet">Nothing is in this folder yet. What comes appears here.</p>'
    : left > 0
      ? `<p class="quiet">And ${left} more, which are not shown.</p>`
      : '';
  return pageOf({
    title: nameAsHtml(`${path.at(-1)}/`.replace(/^\/+/, '/')),
    isWide: true,
    main: `<h1><nav aria-label="Folders">${breadcrumbs(path)}</nav></h1>
<table class="files">
<thead><tr><th scope="col">Name</th><th scope="col" class="size">Size</th><th scope="col">Changed</th></tr></thead>
<tbody>
${up}${rows}</tbody>
</table>
${note}`,
  });
}

function breadcrumbs(path: readonly string[]): string {
  return path
    .map((name, index) => {
      const text = nameAsHtml(name);
      const levels = path.length - 1 - index;
      if (levels === 0) return `<b aria-current="page">${text}</b>`;
      const link = `<a href="${'../'.repeat(levels)}">${text}</a>`;
      return name === '/' ? link : `${link}<span>/</span>`;
    })
    .join('');
}

function row({ name, isFolder, size, modified }: ListedEntry): string {
  const slash = isFolder ? '/' : '';
  // "./" keeps a name such as "javascript:x" from being a scheme.
  const href = escapeHtml(`./${encodeURIComponent(name)}${slash}`);
  return `<tr><td><a href="${href}">${nameAsHtml(name)}${slash}</a></td>\
<td class="size">${isFolder ? '' : formatSize(size)}</td>\
<td>${timeOf(modified)}</td></tr>\n`;
}

function timeOf(time: Date): string {
  // Disks know times that no calendar has.
  if (Number.isNaN(time.getTime())) return '';
  return `<time datetime="${time.toISOString()}">${formatTime(time)}</time>`;
}
