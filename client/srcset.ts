/** A URL, after what ends the one before: a descriptor need not be followed by white space. */
const CANDIDATE = /((?:^|[\s,])(?:[\d.]+[wxh],)*)([^\s,](?:\S*[^\s,])?)/g;

/**
 * Puts other URLs into a `srcset`.
 *
 * @param replace returns the new URL, or undefined to leave this one; may be asked for descriptors
 */
export function replaceSrcset(
  srcset: string,
  replace: (url: string) => string | undefined,
): string {
  return srcset.replace(CANDIDATE, (all, before, url) => {
    const other = replace(url);
    return other === undefined ? all : before + other;
  });
}
