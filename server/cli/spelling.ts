import { longName, variableName } from './flag.ts';
import { FLAGS } from './flags.ts';
import { isLimitName } from './limit-names.ts';
import type { Settings } from './settings.ts';
import type { Name } from './values.ts';

/** How the user has written an option: `--port`, `DEV_SERVE_PORT` or `port`. */
export function spelling(name: Name, { sources }: Pick<Settings, 'sources'>): string {
  const source = sources[name];
  if (name === 'root') return source === 'environment' ? 'DEV_SERVE_PATH' : name;
  if (source === 'file' || isLimitName(name)) return name;
  return source === 'environment' ? variableName(FLAGS[name]) : longName(FLAGS[name]);
}
