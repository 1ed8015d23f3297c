/** What the client needs to know of the moment the page was asked for. */
export interface ClientTag {
  /** URL path of the client script. */
  readonly src: string;
  /** Timestamp of the last change. */
  readonly build: number;
  /** Event id to resume from. */
  readonly cursor: string;
  /** URL path of the file that the page is; undefined for one that an app made. */
  readonly file: string | undefined;
}

/** The tag that a page carries: external and classic, so it works under `script-src 'self'`. */
export function clientTag({ src, build, cursor, file }: ClientTag) {
  return (nonce: string | undefined): string =>
    '<script' +
    attribute('src', src) +
    attribute('data-build', String(build)) +
    attribute('data-cursor', cursor) +
    attribute('data-file', file) +
    attribute('nonce', nonce) +
    '></script>';
}

function attribute(name: string, value: string | undefined): string {
  return value === undefined ? '' : ` ${name}="${escapeAttribute(value)}"`;
}

function escapeAttribute(text: string): string {
  if (!/[&"<]/.test(text)) return text;
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
