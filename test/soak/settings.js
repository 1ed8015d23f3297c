const USAGE =
  'usage: npm run soak -- [--minutes <number>] [--seed <number>] [--soak-only] [--help]';
/** Below this the warm-up is too short for an engine to have compiled all that it will. */
export const RESOLVING_MINUTES = 50;
export const HELP = `${USAGE}

Every trial of faults in its long form, then a soak.

  --minutes <number>  length of the soak itself, which begins when the trials are done; 60 unless told.
                      Below ${RESOLVING_MINUTES} the slope of a heap is not resolved to 1 MiB per hour
  --seed <number>     the seed of an earlier run, to have the same again
  --soak-only         no trials`;
/** A day: what is longer is a mistake. */
const MOST_MINUTES = 1440;

/** Reads the command line; throws with a text that says what to do. */
export function readSettings(args) {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const settings = { minutes: 60, seed, soakOnly: false, help: false };
  const rest = args.flatMap((arg) => (/^--\w+=/.test(arg) ? splitOnce(arg) : arg));
  while (rest.length > 0) {
    const flag = rest.shift();
    if (flag === '--soak-only') settings.soakOnly = true;
    else if (flag === '--help') settings.help = true;
    else if (flag === '--minutes') settings.minutes = numberIn(flag, rest.shift(), 1, MOST_MINUTES);
    else if (flag === '--seed') settings.seed = numberIn(flag, rest.shift(), 0, 2 ** 31 - 1);
    else throw new Error(`${flag} is no flag of this\n${USAGE}`);
  }
  return settings;
}

function splitOnce(arg) {
  const at = arg.indexOf('=');
  return [arg.slice(0, at), arg.slice(at + 1)];
}

function numberIn(flag, text, least, most) {
  const number = /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  const got = text === undefined ? 'nothing' : JSON.stringify(text);
  throw new Error(`${flag} takes a whole number from ${least} to ${most}, not ${got}\n${USAGE}`);
}
