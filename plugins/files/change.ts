export const OPERATIONS = ['create', 'write', 'remove', 'rename', 'chmod'] as const;

/** What happened to a file. */
export type Operation = (typeof OPERATIONS)[number];

/**
 * One change of one file. Paths are URL paths below the root ("/css/site.css", percent-encoded),
 * never paths of the disk.
 */
export interface Change {
  readonly operation: Operation;
  readonly path: string;
  /** The former path; only with `rename`. */
  readonly from?: string;
}

/** Turns a path below the root, with `/`, into the URL path that serves it. */
export function toUrlPath(relative: string, base = ''): string {
  const encoded = encodeURI(relative).replaceAll('?', '%3F').replaceAll('#', '%23');
  return `${base.replace(/\/+$/, '')}/${encoded}`;
}
