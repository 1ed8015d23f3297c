import type { Operation } from './change.ts';
import { compileGlobs } from './globs.ts';
import type { WatchSettings } from './watch-settings.ts';

/** A change, in paths below the root. */
export interface PathChange {
  readonly operation: Operation;
  readonly path: string;
  readonly from?: string | undefined;
}

type FilterSettings = Partial<
  Pick<WatchSettings, 'include' | 'exclude' | 'events' | 'ignoreEvents'>
>;

/**
 * Makes the function that tells what of a change is announced: a rename across the border of what is
 * is a create or a remove, and so is each half of one where `events` does not name renames.
 * @throws InvalidOptionError
 */
export function changeFilter(settings: FilterSettings): (change: PathChange) => PathChange[] {
  const include = settings.include?.length ? compileGlobs('include', settings.include) : undefined;
  const exclude = compileGlobs('exclude', settings.exclude ?? []);
  const events = new Set(settings.events);
  const ignoreEvents = new Set(settings.ignoreEvents);
  const isWanted = (operation: Operation) => events.size === 0 || events.has(operation);
  const passes = (path: string) =>
    (include === undefined || include.file(path) !== undefined) && exclude.file(path) === undefined;

  return ({ operation, path, from }) => {
    if (ignoreEvents.has(operation)) return [];
    const halves: PathChange[] = [];
    if (from === undefined) {
      halves.push({ operation, path });
    } else if (isWanted(operation) && passes(from) && passes(path)) {
      return [{ operation, path, from }];
    } else {
      halves.push({ operation: 'remove', path: from }, { operation: 'create', path });
    }
    return halves.filter(
      (half) => isWanted(half.operation) && !ignoreEvents.has(half.operation) && passes(half.path),
    );
  };
}
