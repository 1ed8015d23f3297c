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

/** The environment variable that says the same as the flag: `DEV_SERVE_PORT`. */
export function variableName(flag: { readonly syntax: string }): string {
  return `DEV_SERVE_${longName(flag).slice(2).replaceAll('-', '_').toUpperCase()}`;
}
