type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a tool is to read what goes wrong, before, or though, the arguments can be read. */
export function wantsJson(args: readonly string[], environment: Environment): boolean {
  const end = args.indexOf('--');
  const flags = end === -1 ? args : args.slice(0, end);
  const said = flags.findLast((arg) => arg === '--json' || arg === '--no-json');
  if (said !== undefined) return said === '--json';
  return /^(1|true)$/i.test(environment.DEV_SERVE_JSON ?? '');
}
