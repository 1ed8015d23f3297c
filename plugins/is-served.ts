import type { Settings } from './dev-serve-settings.ts';
import { findFile } from './serve-files.ts';

/** Tells whether a GET of a request-target would find a file, a folder that is shown, or a way there. */
export function isServedBy(settings: Settings): (target: string) => Promise<boolean> {
  const { base, mounts, root, serve, cleanUrls, spa, list } = settings;
  const places = [
    ...mounts.map((mount) => ({ root: mount.root, base: `${base}${mount.path}` })),
    ...(serve ? [{ root, base }] : []),
  ];
  return async (target) => {
    for (const place of places) {
      const found = await findFile(place.root, place.base, target, {
        cleanUrls,
        list: list && !spa,
      });
      if (found.kind !== 'missing' && found.kind !== 'malformed') return true;
    }
    return false;
  };
}
