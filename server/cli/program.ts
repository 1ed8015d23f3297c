import { Command, Help, Option } from 'commander';
import { type Flag, longName, negation } from './flag.ts';
import { FLAGS, type FlagName } from './flags.ts';
import { DESK, GROUPS } from './groups.ts';
import { FLAG_NAMES } from './names.ts';
import type { PartialValues, Values } from './values.ts';

/** What the command line says. */
export interface CommandLine {
  readonly values: PartialValues;
  /** A config file, or false for none. */
  readonly config: string | false | undefined;
  readonly printConfig: boolean;
}

/**
 * Reads the arguments. Ends the process after `--help` and `--version`.
 *
 * @param args without the names of Node and of the script
 * @throws Error for what cannot be meant.
 */
export function readCommandLine(args: readonly string[], version: string): CommandLine {
  const program = new Command('dev-serve')
    .usage('[options] [directory]')
    .description('Serves a directory, by default this one; every open tab follows each save.')
    .argument('[directory]')
    .addOption(new Option('--path <directory>').hideHelp())
    .configureOutput({ outputError() {} })
    .exitOverride(({ exitCode, message }) => {
      // It ends the process by itself where this returns.
      if (exitCode !== 0) throw new Error(message);
    })
    .configureHelp({ formatHelp, visibleArguments: () => [] });
  let heading = '';
  const options = FLAG_NAMES.map((name) => {
    heading = GROUPS[name] ?? heading;
    return [name, add(program, name, heading)] as const;
  });
  addOwnOptions(program, version);
  program.parse(withDirectoryFirst(args), { from: 'user' });

  const values: PartialValues = { root: directory(program) };
  for (const [name, option] of options) {
    const attribute = option.attributeName();
    if (program.getOptionValueSource(attribute) !== 'cli') continue;
    const value = program.getOptionValue(attribute);
    const { initial, bare } = FLAGS[name];
    // A flag without a value is `true` to commander, whatever else it means.
    set(values, name, value === true && initial !== true ? bare : value);
  }
  const { config, printConfig } = program.opts<{ config?: string | false; printConfig?: true }>();
  return { values, config, printConfig: printConfig ?? false };
}

function add<K extends FlagName>(program: Command, name: K, heading: string): Option {
  const flag: Flag<Values[K]> = FLAGS[name];
  const option = new Option(flag.syntax, flag.help).helpGroup(heading);
  program.addOption(withParser(option, flag));
  const taken = negation(flag);
  if (taken !== undefined) program.addOption(new Option(taken).hideHelp());
  return option;
}

function withParser<Value>(option: Option, { parse }: Flag<Value>): Option {
  if (parse === undefined) return option;
  return option.argParser((text: string, previous: Value | undefined) =>
    previous === undefined ? parse(text) : parse(text, previous),
  );
}

function addOwnOptions(program: Command, version: string): void {
  program
    .optionsGroup(DESK)
    .option('--config <file>', 'take this config file')
    .option('--no-config', 'take no config file')
    .option('--print-config', 'print what holds and who said so, and exit')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this list');
}

function set<K extends FlagName>(
  values: { [N in K]?: Values[N] | undefined },
  name: K,
  value: Values[K] | undefined,
): void {
  values[name] = value;
}

function directory(program: Command): string | undefined {
  const [argument] = program.args;
  const { path } = program.opts<{ path?: string }>();
  if (argument === undefined || path === undefined) return argument ?? path;
  return program.error('error: the directory is named twice: once, and with --path');
}

/** Of `--open ./site`, the second is no path of a site but the directory to serve. */
function withDirectoryFirst(args: readonly string[]): string[] {
  const flags = FLAG_NAMES.map((name) => FLAGS[name]);
  const [first, second, ...others] = args;
  if (first === undefined || second === undefined || first === '--') return [...args];
  const flag = flags.find((each) => longName(each) === first);
  const isDirectory = flag?.fits?.test(second) === false && !second.startsWith('-');
  if (isDirectory) return [second, ...withDirectoryFirst([first, ...others])];
  return [first, ...withDirectoryFirst([second, ...others])];
}

/** Without blank lines between the groups: the list is to fit a screen. */
function formatHelp(command: Command, helper: Help): string {
  const text = Help.prototype.formatHelp.call(helper, command, helper);
  return text.replace(/(?<=\n {2}-[^\n]*)\n(?=\n[A-Z])/g, '');
}
