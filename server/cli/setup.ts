import { basename } from 'node:path';
import { booleanOption } from '../../plugins/options.ts';
import { type ConfigFile, loadConfigFile } from './config-file.ts';
import { configValues } from './config-values.ts';
import { readEnvironment } from './environment.ts';
import type { CommandLine } from './program.ts';
import { type Settings, settingsOf } from './settings.ts';
import { spelling } from './spelling.ts';
import type { Name } from './values.ts';

/** All that was said about this run, by whatever source. */
export interface Setup {
  readonly settings: Settings;
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
  return { settings, file, addedHosts: variables.addedHosts, warnings: variables.warnings };
}

/** What the terminal does. */
export interface DeskSettings {
  readonly open: boolean | string;
  readonly isQuiet: boolean;
  readonly isJson: boolean;
  readonly isVerbose: boolean;
}

/** @throws InvalidOptionError for what a config file says and is not meant. */
export function deskSettings({ settings: { values } }: Setup): DeskSettings {
  const { open = false, quiet = false, json = false, verbose = false } = values;
  return {
    open: typeof open === 'string' ? open : booleanOption('open', open),
    isQuiet: booleanOption('quiet', quiet),
    isJson: booleanOption('json', json),
    isVerbose: booleanOption('verbose', verbose),
  };
}

/** An error about an option, with how and where the user has set it. */
export function explain(error: unknown, { settings, file }: Setup): string {
  const text = error instanceof Error ? error.message : String(error);
  const option = /^Option "([\w.]+)"/.exec(text)?.[1];
  const name = nameOf(option, settings);
  if (name === undefined) return text;
  const isInFile = file !== undefined && settings.sources[name] === 'file';
  return `${isInFile ? basename(file.path) : spelling(name, settings)}: ${text}`;
}

/** Of what an option says, the part that was set: of "https", maybe the certificate. */
function nameOf(option: string | undefined, { sources }: Settings): Name | undefined {
  const names = Object.keys(sources).filter((name): name is Name => name in sources);
  return (
    names.find((name) => name === option) ??
    names.find((name) => option !== undefined && name.startsWith(`${option}.`)) ??
    names.find((name) => name.endsWith(`.${option}`))
  );
}
