import { type Flag, variableName } from './flag.ts';
import { FLAGS, type FlagName } from './flags.ts';
import { FLAG_NAMES } from './names.ts';
import { nearest } from './nearest.ts';
import { splitList } from './parse.ts';
import type { PartialValues, Values } from './values.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of the command line beside those of the flags. */
export interface EnvironmentValues {
  readonly values: PartialValues;
  /** A config file, or false for none. */
  readonly config: string | false | undefined;
  /** Host names that are added to the option, whoever sets it: plugins/host-guard.ts. */
  readonly addedHosts: readonly string[];
  /** Variables that nobody reads, each a line. */
  readonly warnings: readonly string[];
}

/** The last one is read where streams are written: plugins/events/direct-response.ts. */
const OTHERS = ['DEV_SERVE_PATH', 'DEV_SERVE_CONFIG', 'DEV_SERVE_NO_CONFIG', 'DEV_SERVE_DIRECT'];

/**
 * Reads the variable of each flag.
 *
 * @throws Error that names the variable whose value cannot be meant.
 */
export function readEnvironment(environment: Environment): EnvironmentValues {
  const values: PartialValues = { root: environment.DEV_SERVE_PATH || undefined };
  for (const name of FLAG_NAMES) read(values, name, environment);
  const isOff = environment.DEV_SERVE_NO_CONFIG ?? '';
  return {
    values,
    config: /^(1|true)$/i.test(isOff) ? false : environment.DEV_SERVE_CONFIG || undefined,
    addedHosts: splitList(environment.DEV_SERVE_ALLOWED_HOSTS ?? ''),
    warnings: unread(environment),
  };
}

function read<K extends FlagName>(
  values: { [N in K]?: Values[N] | undefined },
  name: K,
  environment: Environment,
): void {
  const flag: Flag<Values[K]> = FLAGS[name];
  if (flag.addingVariable !== undefined) return;
  const variable = variableName(flag);
  const text = environment[variable] ?? '';
  if (text === '') return;
  try {
    values[name] = parsed(flag, text);
  } catch (error) {
    // Not the value: variables are where secrets are kept.
    throw new Error(`${variable}: ${error instanceof Error ? error.message : error}`);
  }
}

function parsed<Value>(flag: Flag<Value>, text: string): Value | undefined {
  const { bare, initial, parse, split = (whole: string) => [whole] } = flag;
  if (bare !== undefined && /^(1|true)$/i.test(text)) return bare;
  if (bare !== undefined && /^(0|false)$/i.test(text)) return initial;
  if (parse === undefined) throw new Error('It is 1 or 0, true or false.');
  let value: Value | undefined;
  for (const part of split(text)) value = value === undefined ? parse(part) : parse(part, value);
  return value;
}

function unread(environment: Environment): string[] {
  const known = [...FLAG_NAMES.map((name) => variableName(FLAGS[name])), ...OTHERS];
  return Object.keys(environment)
    .filter((name) => name.startsWith('DEV_SERVE_') && !known.includes(name))
    .map((name) => {
      const guess = nearest(name, known);
      return `${name} is no variable that is read${guess === undefined ? '' : `: is it ${guess}?`}`;
    });
}
