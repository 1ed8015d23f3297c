import { booleanOption, integerOption, listOption, oneOf } from '../options.ts';
import type { AccessRules } from './access.ts';
import { OPERATIONS, type Operation } from './change.ts';

/** What is watched, how, and what of it is announced. */
export interface WatchSettings {
  /** As for requests: see `AccessRules`. */
  readonly dotfiles: boolean;
  readonly sensitiveFiles: boolean;
  readonly followSymlinks: boolean;
  /** Globs of what is not watched, beside the default ones. */
  readonly ignore: readonly string[];
  /** Whether files that `.gitignore` names are left unwatched. */
  readonly gitignore: boolean;
  /** Globs of the files whose changes are announced; all files if empty. */
  readonly include: readonly string[];
  /** Globs of the files whose changes are not announced. */
  readonly exclude: readonly string[];
  /** Operations that are announced; all if empty. */
  readonly events: readonly Operation[];
  /** Operations that are not announced. */
  readonly ignoreEvents: readonly Operation[];
  /** Milliseconds between two looks; undefined to be told by the system. */
  readonly poll: number | undefined;
}

/** The same as options of a plugin: each may be left out, and `poll` may be `true` or `false`. */
export interface WatchSettingsOptions extends Partial<Omit<WatchSettings, 'poll'>> {
  readonly poll?: boolean | number | undefined;
}

/** Milliseconds between two looks where no number is given. */
const POLL_INTERVAL = 100;

/** @throws InvalidOptionError for what cannot be meant; globs are read later. */
export function watchSettings(
  options: {
    readonly [Name in keyof WatchSettingsOptions]: WatchSettingsOptions[Name] | undefined;
  },
): WatchSettings {
  const isOn = (name: keyof AccessRules) => booleanOption(name, options[name] ?? false);
  const list = (name: 'ignore' | 'include' | 'exclude') => listOption(name, options[name] ?? []);
  const operations = (name: 'events' | 'ignoreEvents') =>
    listOption(name, options[name] ?? []).map((each) => oneOf(name, each, OPERATIONS));
  return {
    dotfiles: isOn('dotfiles'),
    sensitiveFiles: isOn('sensitiveFiles'),
    followSymlinks: isOn('followSymlinks'),
    ignore: list('ignore'),
    gitignore: booleanOption('gitignore', options.gitignore ?? true),
    include: list('include'),
    exclude: list('exclude'),
    events: operations('events'),
    ignoreEvents: operations('ignoreEvents'),
    poll: pollOption(options.poll ?? false),
  };
}

function pollOption(value: boolean | number): number | undefined {
  if (typeof value === 'boolean') return value ? POLL_INTERVAL : undefined;
  return integerOption('poll', value, 1, 60_000);
}
