import { findFile, type Place } from './files/find-file.ts';

/** Tells whether a GET of a request-target would find a file, a folder that is shown, or a way there. */
export function isServedBy(places: readonly Place[]): (target: string) => Promise<boolean> {
  // As the router has it: of two paths that fit the longer one, even where nothing is found there.
  const byLength = places.toSorted((a, b) => b.base.length - a.base.length);
  return async (target) => {
    const [path = ''] = target.split('?', 1);
    const place = byLength.find(({ base }) => path === base || path.startsWith(`${base}/`));
    if (place === undefined) return false;
    const { kind } = await findFile(place, target);
    return kind !== 'missing' && kind !== 'malformed';
  };
}
