/** A flag of the command line that sets an option. */
export interface Flag<Value> {
  /** As commander has it: `-p, --port <number>`, `--poll [ms]`, `--no-list`. */
  readonly syntax: string;
  readonly help: string;
  /** What holds where nobody says anything. */
  readonly initial: Value | undefined;
  /** What the flag says without a value; a variable that is "0" takes it back. */
  readonly bare?: Value;
  /** Reads the text of a value, after those of earlier ones of the same flag. */
  readonly parse?: (text: string, previous?: Value) => Value;
  /** Splits a variable into what would be several flags. @default the whole */
  readonly split?: (text: string) => readonly string[];
  /** Whether a text can be the value of a flag that may have none; else it is the directory. */
  readonly fits?: RegExp;
  /** A variable that adds to the option, whoever sets it, in place of one that says the same. */
  readonly addingVariable?: string;
}

export function on(syntax: string, help: string): Flag<boolean> {
  return { syntax, help, initial: false, bare: true };
}

export function off(syntax: string, help: string): Flag<boolean> {
  return { syntax, help, initial: true, bare: false };
}

/** The long name: `--port`. */
export function longName({ syntax }: { readonly syntax: string }): string {
  return /--[\w-]+/.exec(syntax)?.[0] ?? '';
}

/** The hidden name that takes back a switch: of `--spa` it is `--no-spa`, of `--no-list` `--list`. */
export function negation(flag: Pick<Flag<unknown>, 'syntax' | 'initial'>): string | undefined {
  if (typeof flag.initial !== 'boolean') return undefined;
  const name = longName(flag);
  return flag.initial ? name.replace('--no-', '--') : name.replace('--', '--no-');
}

/** The environment variable of the flag: `DEV_SERVE_PORT`. */
export function variableName(flag: Pick<Flag<unknown>, 'syntax' | 'addingVariable'>): string {
  const name = longName(flag).slice(2).replaceAll('-', '_').toUpperCase();
  return flag.addingVariable ?? `DEV_SERVE_${name}`;
}
