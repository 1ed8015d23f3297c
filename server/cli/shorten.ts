const ELLIPSIS = '…';

/** A path in at most `width` characters: what is in its middle goes first, then its beginning. */
export function shortenPath(path: string, width: number): string {
  if (path.length <= width) return path;
  const names = path.split('/');
  const [first = '', last = ''] = [names[1], names.at(-1)];
  const short = `/${first}/${ELLIPSIS}/${last}`;
  if (names.length > 3 && short.length <= width) return withMore(names, width);
  return width < 1 ? '' : cutStart(last, width);
}

/** As many of the last folders as there is room for. */
function withMore(names: readonly string[], width: number): string {
  for (let from = 3; ; from += 1) {
    const short = [...names.slice(0, 2), ELLIPSIS, ...names.slice(from)].join('/');
    if (short.length <= width || from >= names.length - 1) return short;
  }
}

function cutStart(name: string, width: number): string {
  const isWhole = name.length + 2 <= width;
  return isWhole ? `${ELLIPSIS}/${name}` : `${ELLIPSIS}${name.slice(name.length - width + 1)}`;
}
