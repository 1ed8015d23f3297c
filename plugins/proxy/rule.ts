/** An upstream and the paths that it answers. */
export interface ProxyRule {
  /** URL path without a slash at its end; '' for all paths. */
  readonly path: string;
  /** Of the upstream: scheme, host, perhaps a path, perhaps a user and a password. */
  readonly target: URL;
  /**
   * Whether the path of `target` takes the place of `path`; else paths are passed on as they are.
   * @default whether `target` has a path other than "/"
   */
  readonly rewrite?: boolean | undefined;
}

/** The same place on both sides: below `here` is what is below `there` at the upstream. */
export interface Mapping {
  /** URL path without a slash at its end. */
  readonly here: string;
  readonly there: string;
}

/** @param base - Of the scope that the rule is for, without a slash at its end. */
export function mappingOf({ path, target, rewrite }: ProxyRule, base: string): Mapping {
  const here = `${base}${path}`;
  const there = target.pathname.replace(/\/+$/, '');
  return { here, there: (rewrite ?? there !== '') ? there : here };
}

/** The path here of a path of the upstream, if it is one that this rule shows. */
export function pathHere(path: string, { here, there }: Mapping): string | undefined {
  if (path !== there && !path.startsWith(`${there}/`)) return undefined;
  return `${here}${path.slice(there.length)}` || '/';
}

/** The path at the upstream of a path here; one that the rule does not cover stays as it is. */
export function pathThere(path: string, { here, there }: Mapping): string {
  if (path !== here && !path.startsWith(`${here}/`)) return path;
  return `${there}${path.slice(here.length)}` || '/';
}

/** Whether a request target is one of these paths or below it, however it is spelt. */
export function isBelow(target: string, paths: readonly string[]): boolean {
  const [path = ''] = target.split(/[?#]/, 1);
  const decoded = path.replace(/%[2-7][\da-f]/gi, (code) => decodeURIComponent(code));
  return paths.some((each) => `${decoded}/`.startsWith(`${each}/`));
}
