import { STREAM_METHODS } from '../../plugins/dev-serve-options.ts';
import { OPERATIONS } from '../../plugins/files/change.ts';
import { type Flag, off, on } from './flag.ts';
import * as parse from './parse.ts';
import type { LimitValues, Name, Values } from './values.ts';

/** A name that leads from the command line to an option; the directory has no flag of its own. */
export type FlagName = Exclude<Name, 'root' | keyof LimitValues>;

const METHODS = ['POST', 'PUT', 'PATCH'] as const;
/** The longest delay a timer takes. */
const MAX_DELAY = 2 ** 31 - 1;
const milliseconds = parse.integer('A duration in milliseconds', MAX_DELAY);

export const FLAGS: { readonly [K in FlagName]: Flag<Values[K]> } = {
  port: {
    syntax: '-p, --port <number>',
    help: 'first port to try; 0 for any (default: 3000)',
    initial: 3000,
    parse: parse.integer('A port', 65_535),
  },
  strictPort: on('--strict-port', 'fail if the port is taken'),
  host: {
    syntax: '--host [name]',
    help: 'listen there; without a name: everywhere',
    initial: 'localhost',
    // All addresses of this machine.
    bare: '0.0.0.0',
    parse: parse.text,
    fits: /^[\w:][\w.:-]*$/,
  },
  cleanUrls: off('--no-clean-urls', 'let /guide not find guide.html'),
  spa: on('--spa', 'answer unknown pages with /index.html'),
  list: off('--no-list', 'list no folders'),
  dotfiles: on('--dotfiles', 'serve and watch names that start with a dot'),
  sensitiveFiles: on('--sensitive-files', 'serve keys, certificates and .env files too'),
  followSymlinks: on('--follow-symlinks', 'follow links out of the directory'),
  mount: {
    syntax: '--mount <path=dir>',
    help: 'serve a directory at /path too (repeatable)',
    initial: {},
    parse: parse.mount,
    split: parse.splitList,
  },
  headers: {
    syntax: '--header <header>',
    help: "add 'Name: value' to responses (repeatable)",
    initial: {},
    parse: parse.header,
    split: parse.splitHeaders,
  },
  crossOriginIsolation: on('--coi', 'isolate pages, as for SharedArrayBuffer'),
  cors: {
    syntax: '--cors [origins]',
    help: 'let pages of this machine, or of these, read',
    initial: false,
    bare: true,
    parse: parse.list,
    fits: /^\*$|:\/\//,
  },
  watch: {
    syntax: '--watch <dir>',
    help: 'watch this directory too (repeatable)',
    initial: [],
    parse: parse.append,
    split: parse.splitList,
  },
  ignore: {
    syntax: '--ignore <globs>',
    help: 'do not watch these (repeatable)',
    initial: [],
    parse: parse.list,
  },
  include: {
    syntax: '--include <globs>',
    help: 'announce changes of these only (repeatable)',
    initial: [],
    parse: parse.list,
  },
  exclude: {
    syntax: '--exclude <globs>',
    help: 'announce no changes of these (repeatable)',
    initial: [],
    parse: parse.list,
  },
  gitignore: off('--no-gitignore', 'watch what git ignores too'),
  events: {
    syntax: '--events <operations>',
    help: `of ${OPERATIONS.join(', ')}`,
    initial: OPERATIONS,
    parse: parse.choices(OPERATIONS),
  },
  ignoreEvents: {
    syntax: '--ignore-events <operations>',
    help: 'not these, such as chmod,remove',
    initial: [],
    parse: parse.choices(OPERATIONS),
  },
  poll: {
    syntax: '--poll [ms]',
    help: 'look for changes, every 100 ms or as told',
    initial: false,
    bare: true,
    parse: parse.integer('An interval in milliseconds', 60_000),
    fits: /^\d+$/,
  },
  eventPath: {
    syntax: '--event-path <path>',
    help: 'path of the event stream (default: /events)',
    initial: '/events',
    parse: parse.text,
  },
  streamMethod: {
    syntax: '--stream-method <method>',
    help: `${STREAM_METHODS.join(', ')} (default: both)`,
    initial: 'both',
    parse: parse.choice(STREAM_METHODS),
  },
  allowedHosts: {
    syntax: '--allowed-host <name>',
    help: 'answer to this host name too (repeatable)',
    initial: [],
    addingVariable: 'DEV_SERVE_ALLOWED_HOSTS',
    parse: parse.list,
  },
  allowedOrigins: {
    syntax: '--allowed-origin <origin>',
    help: 'let its pages read events (repeatable)',
    initial: [],
    parse: parse.list,
  },
  proxy: {
    syntax: '--proxy <url>',
    help: 'live reload for this server; /path=url: a part',
    initial: {},
    parse: parse.proxy,
    split: parse.splitList,
  },
  https: on('--https', 'with a certificate that is made here'),
  'https.cert': text('--cert <file>', 'https with this certificate (PEM)'),
  'https.key': text('--key <file>', 'the private key of the certificate'),
  open: {
    syntax: '--open [path]',
    help: 'open a browser, unless an old tab comes back',
    initial: false,
    bare: true,
    parse: parse.text,
    fits: /^\//,
  },
  quiet: on('-q, --quiet', 'print warnings and errors only'),
  json: on('--json', 'print a line of JSON for each event'),
  verbose: on('--verbose', 'print requests too'),
  browserLog: on('--browser-log', 'print what fails in pages: scripts, requests'),
  'webhook.url': text('--webhook-url <url>', 'tell this URL of each change'),
  'webhook.method': {
    syntax: '--webhook-method <method>',
    help: `${METHODS.join(', ')} (default: POST)`,
    initial: 'POST',
    parse: parse.choice(METHODS),
  },
  'webhook.headers': {
    syntax: '--webhook-header <header>',
    help: "send 'Name: value' with it (repeatable)",
    initial: {},
    parse: parse.header,
    split: parse.splitHeaders,
  },
  'webhook.timeout': {
    syntax: '--webhook-timeout <ms>',
    help: 'for one attempt (default: 5000)',
    initial: 5000,
    parse: milliseconds,
  },
  'webhook.retries': {
    syntax: '--webhook-retries <number>',
    help: 'attempts after the first (default: 3)',
    initial: 3,
    parse: parse.integer('The number of retries', 100),
  },
  'webhook.debounce': {
    syntax: '--webhook-debounce <ms>',
    help: 'wait for quiet in the file (default: 0)',
    initial: 0,
    parse: milliseconds,
  },
};

function text(syntax: string, help: string): Flag<string> {
  return { syntax, help, initial: undefined, parse: parse.text };
}
