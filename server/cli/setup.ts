import { booleanOption } from '../../plugins/options.ts';
import { type ConfigFile, loadConfigFile } from './config-file.ts';
import { configValues } from './config-values.ts';
import { readEnvironment } from './environment.ts';
import { explain } from './explain.ts';
import type { CommandLine } from './program.ts';
import { type Settings, settingsOf } from './settings.ts';

/** All that was said about this run, by whatever source. */
export interface Setup {
  readonly settings: Settings;
  readonly desk: DeskSettings;
  readonly file: ConfigFile | undefined;
  /** Host names that a variable adds to the option. */
  readonly addedHosts: readonly string[];
  /** Variables that nobody reads, each a line. */
  readonly warnings: readonly string[];
}

/**
 * Puts the sources together: flags, then variables, then the config file.
 *
 * @throws Error in one line that names the source of what cannot be meant.
 */
export async function readSetup(
  { values, config }: CommandLine,
  environment: Readonly<Record<string, string | undefined>>,
  directory: string,
): Promise<Setup> {
  const variables = readEnvironment(environment);
  const file = await loadConfigFile(directory, config ?? variables.config);
  const settings = settingsOf([
    { source: 'flag', values },
    { source: 'environment', values: variables.values },
    { source: 'file', values: file === undefined ? {} : configValues(file) },
  ]);
  const { addedHosts, warnings } = variables;
  try {
    return { settings, desk: deskSettings(settings), file, addedHosts, warnings };
  } catch (error) {
    throw new Error(explain(error, { settings, file }));
  }
}

/** What the terminal does. */
export interface DeskSettings {
  readonly open: boolean | string;
  readonly isQuiet: boolean;
  readonly isJson: boolean;
  readonly isVerbose: boolean;
}

/** @throws InvalidOptionError for what only a config file can say. */
function deskSettings({ values }: Settings): DeskSettings {
  const { open = false, quiet = false, json = false, verbose = false } = values;
  return {
    open: typeof open === 'string' ? open : booleanOption('open', open),
    isQuiet: booleanOption('quiet', quiet),
    isJson: booleanOption('json', json),
    isVerbose: booleanOption('verbose', verbose),
  };
}
