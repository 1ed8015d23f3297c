/** Whether a URL, relative to `base` if it is, leads to one certain file of this server. */
export type FileMatcher = (href: string, base?: string) => boolean;

/**
 * Tells the URLs of a file, however they are encoded and whatever their query: `/docs/index.html`
 * is found at `/docs/` as well.
 *
 * @param isLoose paths of files and of URLs may begin differently: one has to end with the other
 */
export function fileMatcher(file: URL, isLoose = false): FileMatcher {
  const path = decodePath(file.pathname);
  const clean = path.replace(/\.html?$/i, '');
  const folder = clean.replace(/(?<=\/)index$/, '');
  const paths = new Set([path, clean, folder, folder.replace(/(?<=.)\/$/, '')]);
  return (href, base = file.href) => {
    const url = parse(href, base);
    if (url?.origin !== file.origin) return false;
    const found = decodePath(url.pathname);
    return paths.has(found) || (isLoose && (found.endsWith(path) || path.endsWith(found)));
  };
}

/** @returns the path as it is where its escapes are none */
export function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

function parse(href: string, base: string): URL | undefined {
  try {
    return new URL(href, base);
  } catch {
    return undefined;
  }
}
