/** Whether two URLs name one file of this server, however it is encoded and whatever the query. */
export function isSameFile(href: string, file: URL): boolean {
  const url = resolve(href, file.href);
  return url?.origin === file.origin && decode(url.pathname) === decode(file.pathname);
}

/** The URLs by which `sheet`, or a sheet that it imports, imports `file`. */
export function importsOf(
  sheet: CSSStyleSheet,
  file: URL,
  seen = new Set<CSSStyleSheet>(),
): string[] {
  if (seen.has(sheet)) return [];
  seen.add(sheet);
  const found: string[] = [];
  for (const rule of rulesOf(sheet)) {
    if (!(rule instanceof CSSImportRule)) continue;
    const url = resolve(rule.href, sheet.href ?? document.baseURI);
    if (url && isSameFile(url.href, file)) found.push(url.href);
    if (rule.styleSheet) found.push(...importsOf(rule.styleSheet, file, seen));
  }
  return found;
}

function rulesOf(sheet: CSSStyleSheet): Iterable<CSSRule> {
  try {
    return sheet.cssRules;
  } catch {
    // "SecurityError": a sheet of another origin, whose imports are not ours either.
    return [];
  }
}

function resolve(href: string, base: string): URL | undefined {
  try {
    return new URL(href, base);
  } catch {
    return undefined;
  }
}

function decode(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}
