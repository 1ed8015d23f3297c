const FLAGS = '[--minutes <number>] [--seed <number>] [--soak-only] [--only <server>] [--help]';
const USAGE = `usage: npm run soak -- ${FLAGS}`;
const SERVERS = ['memory', 'durable', 'redis', 'dev-server'];
/** Below this the warm-up is too short for an engine to have compiled all that it will. */
export const RESOLVING_MINUTES = 50;
export const HELP = `${USAGE}

Every trial of faults in its long form, then a soak.

  --minutes <number>  length of the soak itself, which begins when the trials are done; 60 unless told.
                      Below ${RESOLVING_MINUTES} the slope of a heap is not resolved to 1 MiB per hour
  --seed <number>     the seed of an earlier run, to have the same again
  --soak-only         no trials
  --only <server>     no trials, and of the servers one: ${SERVERS.join(', ')}`;
/** Enough to see that it runs; and a day: what is longer is a mistake. */
const MINUTES = { least: 0.1, most: 1440 };
const SEEDS = { least: 0, most: 2 ** 31 - 1, isWhole: true };

/** Reads the command line; throws with a text that says what to do. */
export function readSettings(args) {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const settings = { minutes: 60, seed, soakOnly: false, only: undefined, help: false };
  const rest = args.flatMap((arg) => (/^--\w+=/.test(arg) ? splitOnce(arg) : arg));
  while (rest.length > 0) {
    const flag = rest.shift();
    if (flag === '--soak-only') settings.soakOnly = true;
    else if (flag === '--help') settings.help = true;
    else if (flag === '--minutes') settings.minutes = numberIn(flag, rest.shift(), MINUTES);
    else if (flag === '--seed') settings.seed = numberIn(flag, rest.shift(), SEEDS);
    else if (flag === '--only') settings.only = serverIn(rest.shift());
    else throw new Error(`${flag} is no flag of this\n${USAGE}`);
  }
  return settings;
}

function splitOnce(arg) {
  const at = arg.indexOf('=');
  return [arg.slice(0, at), arg.slice(at + 1)];
}

function numberIn(flag, text, { least, most, isWhole = false }) {
  const form = isWhole ? /^\d+$/ : /^\d+(?:\.\d+)?$/;
  const number = form.test(text ?? '') ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw wrong(flag, `a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}`, text);
}

function serverIn(text) {
  if (SERVERS.includes(text)) return text;
  throw wrong('--only', `one of ${SERVERS.join(', ')}`, text);
}

function wrong(flag, what, text) {
  const got = text === undefined ? 'nothing' : JSON.stringify(text);
  return new Error(`${flag} takes ${what}, not ${got}\n${USAGE}`);
}
