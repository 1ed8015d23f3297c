/** What there is of a class in a heap. */
export interface ClassFigures {
  readonly count: number;
  readonly bytes: number;
}

export type Classes = Readonly<Record<string, ClassFigures>>;

const KIB = 1024;
const NONE: ClassFigures = { count: 0, bytes: 0 };

/** The classes that have grown most in bytes, as `Socket 3 -> 9 (12 KiB more)`. */
export function grownClasses(before: Classes, after: Classes, most = 5): string[] {
  return Object.entries(after)
    .map(([name, { count, bytes }]) => {
      const had = before[name] ?? NONE;
      const more = bytes - had.bytes;
      return {
        more,
        text: `${name} ${had.count} -> ${count} (${Math.round(more / KIB)} KiB more)`,
      };
    })
    .filter(({ more }) => more > 0)
    .toSorted((one, other) => other.more - one.more)
    .slice(0, most)
    .map(({ text }) => text);
}
