/** The folder of a path below the root; '' is the root. */
export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** The last segment of a path below the root. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The path below the root of an entry of a folder. */
export const entryOf = (directory: string, name: string): string =>
  directory === '' ? name : `${directory}/${name}`;

/** Whether a path below the root lies below this folder. */
export const isBelow = (directory: string, path: string): boolean =>
  directory === '' ? path !== '' : path[directory.length] === '/' && path.startsWith(directory);

/** The entry of a folder that a path below it goes through. */
export function entryTowards(directory: string, path: string): string {
  const end = path.indexOf('/', directory === '' ? 0 : directory.length + 1);
  return end === -1 ? path : path.slice(0, end);
}
