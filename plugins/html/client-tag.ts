/** What the client needs to know of the moment the page was asked for. */
export interface ClientTag {
  /** URL path of the client script. */
  readonly src: string;
  /** Timestamp of the last change. */
  readonly build: number;
  /** Event id to resume from. */
  readonly cursor: string;
}

/** The tag that a page carries: external and classic, so it works under `script-src 'self'`. */
export function clientTag({ src, build, cursor }: ClientTag) {
  const attributes = `src="${escapeAttribute(src)}" data-build="${build}" data-cursor="${escapeAttribute(cursor)}"`;
  return (nonce: string | undefined): string =>
    `<script ${attributes}${nonce === undefined ? '' : ` nonce="${escapeAttribute(nonce)}"`}></script>`;
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
