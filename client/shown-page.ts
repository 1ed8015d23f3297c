/** What a window shows; all paths are decoded URL paths. */
export interface ShownPage {
  /** Path of the file that it is, with a slash at the end for a listed folder; '' if it is none. */
  readonly file: string;
  /** By which it was asked for. */
  readonly path: string;
  /** Whether it is shown in place of a page that is not there. */
  readonly isMissing: boolean;
}

/** What happened to the file at a path: of a renamed one, `remove` and `create`. */
export interface FileChange {
  readonly path: string;
  readonly operation: string;
}

/** Whether a change decides what the page is: its own file, or one that takes its place. */
export function concerns({ path, operation }: FileChange, page: ShownPage): boolean {
  if (path === page.file || path === page.path) return true;
  if (page.file.endsWith('/') && path.startsWith(page.file)) {
    // A listing tells about the files of its folder, and of a folder below only that it is there.
    const isEntry = !path.slice(page.file.length).includes('/');
    if (isEntry || operation !== 'write') return true;
  }
  return (operation === 'create' || page.isMissing) && claimants(page).includes(path);
}

/** The paths of files that would be shown at the page's path. */
function claimants({ path, isMissing }: ShownPage): string[] {
  const name = path.replace(/\/$/, '');
  const found = [`${name}/index.html`, `${name}.html`];
  if (!isMissing) return found;
  // "The nearest 404.html": of the folder, or of one around it.
  const folders = path.split('/').slice(0, -1);
  return [...found, ...folders.map((_, i) => `${folders.slice(0, i + 1).join('/')}/404.html`)];
}
