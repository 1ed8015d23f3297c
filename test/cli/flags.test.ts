import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../server/cli/environment.ts';
import { longName, variableName } from '../../server/cli/flag.ts';
import { FLAGS, type FlagName } from '../../server/cli/flags.ts';
import { FLAG_NAMES } from '../../server/cli/names.ts';
import { readCommandLine } from '../../server/cli/program.ts';
import { serverOptions } from '../../server/cli/server-options.ts';
import { settingsOf } from '../../server/cli/settings.ts';

interface Case {
  /** What is typed; each text is an argument. */
  readonly typed: readonly string[];
  /** The variable that says the same. */
  readonly variable?: string;
  readonly value: unknown;
}

const ADDING = 'DEV_SERVE_ALLOWED_HOSTS';
const CASES: { readonly [K in FlagName]: Case } = {
  port: { typed: ['--port', '8080'], variable: '8080', value: 8080 },
  strictPort: { typed: ['--strict-port'], variable: '1', value: true },
  host: { typed: ['--host'], variable: 'true', value: '0.0.0.0' },
  cleanUrls: { typed: ['--no-clean-urls'], variable: '1', value: false },
  spa: { typed: ['--spa'], variable: 'TRUE', value: true },
  list: { typed: ['--no-list'], variable: '1', value: false },
  dotfiles: { typed: ['--dotfiles'], variable: '1', value: true },
  sensitiveFiles: { typed: ['--sensitive-files'], variable: '1', value: true },
  followSymlinks: { typed: ['--follow-symlinks'], variable: 'true', value: true },
  mount: {
    typed: ['--mount', '/lib=../lit', '--mount', '/a/b=c=d'],
    variable: '/lib=../lit,/a/b=c=d',
    value: { '/lib': '../lit', '/a/b': 'c=d' },
  },
  headers: {
    typed: ['--header', 'Cache-Control: no-cache, no-store', '--header', 'X-A:1'],
    variable: 'Cache-Control: no-cache, no-store, X-A:1',
    value: { 'Cache-Control': 'no-cache, no-store', 'X-A': '1' },
  },
  crossOriginIsolation: { typed: ['--coi'], variable: '1', value: true },
  cors: {
    typed: ['--cors', 'http://a.test,http://b.test', '--cors', '*'],
    variable: 'http://a.test,http://b.test,*',
    value: ['http://a.test', 'http://b.test', '*'],
  },
  watch: { typed: ['--watch', 'a', '--watch', 'b/c'], variable: 'a,b/c', value: ['a', 'b/c'] },
  ignore: globs('--ignore'),
  include: globs('--include'),
  exclude: globs('--exclude'),
  gitignore: { typed: ['--no-gitignore'], variable: '1', value: false },
  events: {
    typed: ['--events', 'create,write', '--events', 'remove'],
    variable: 'create, write,remove',
    value: ['create', 'write', 'remove'],
  },
  ignoreEvents: {
    typed: ['--ignore-events', 'chmod,rename'],
    variable: 'chmod,rename',
    value: ['chmod', 'rename'],
  },
  poll: { typed: ['--poll', '250'], variable: '250', value: 250 },
  eventPath: { typed: ['--event-path', '/changes'], variable: '/changes', value: '/changes' },
  streamMethod: { typed: ['--stream-method', 'sse'], variable: 'sse', value: 'sse' },
  allowedHosts: {
    typed: ['--allowed-host', 'a.test,.b.test', '--allowed-host', 'c.test'],
    value: ['a.test', '.b.test', 'c.test'],
  },
  allowedOrigins: {
    typed: ['--allowed-origin', 'http://a.test', '--allowed-origin', 'http://b.test'],
    variable: 'http://a.test,http://b.test',
    value: ['http://a.test', 'http://b.test'],
  },
  proxy: {
    typed: ['--proxy', 'http://127.0.0.1:8000', '--proxy', '/api=http://127.0.0.1:9000/v1'],
    variable: 'http://127.0.0.1:8000,/api=http://127.0.0.1:9000/v1',
    value: { '/': 'http://127.0.0.1:8000', '/api': 'http://127.0.0.1:9000/v1' },
  },
  https: { typed: ['--https'], variable: '1', value: true },
  'https.cert': { typed: ['--cert', 'a.pem'], variable: 'a.pem', value: 'a.pem' },
  'https.key': { typed: ['--key', 'b.pem'], variable: 'b.pem', value: 'b.pem' },
  open: { typed: ['--open', '/docs/'], variable: '/docs/', value: '/docs/' },
  quiet: { typed: ['--quiet'], variable: '1', value: true },
  json: { typed: ['--json'], variable: '1', value: true },
  verbose: { typed: ['--verbose'], variable: '1', value: true },
  browserLog: { typed: ['--browser-log'], variable: '1', value: true },
  'webhook.url': {
    typed: ['--webhook-url', 'http://127.0.0.1:9/'],
    variable: 'http://127.0.0.1:9/',
    value: 'http://127.0.0.1:9/',
  },
  'webhook.method': { typed: ['--webhook-method', 'PUT'], variable: 'PUT', value: 'PUT' },
  'webhook.headers': {
    typed: ['--webhook-header', 'Authorization: Bearer a,b'],
    variable: 'Authorization: Bearer a,b',
    value: { Authorization: 'Bearer a,b' },
  },
  'webhook.timeout': { typed: ['--webhook-timeout', '10'], variable: '10', value: 10 },
  'webhook.retries': { typed: ['--webhook-retries', '0'], variable: '0', value: 0 },
  'webhook.debounce': { typed: ['--webhook-debounce', '20'], variable: '20', value: 20 },
};

function globs(flag: string): Case {
  return {
    typed: [flag, '**/*.{js,css},a b', flag, 'c'],
    variable: '**/*.{js,css},a b,c',
    value: ['**/*.{js,css}', 'a b', 'c'],
  };
}

describe.each(FLAG_NAMES)('%s', (name) => {
  const { typed, value } = CASES[name];

  it('is what its flag says', () => {
    const { values } = readCommandLine(typed, '1.2.3');
    expect(values).toEqual({ root: undefined, [name]: value });
  });

  it('is unset unless somebody says something', () => {
    expect(readCommandLine([], '1.2.3').values[name]).toBeUndefined();
    const empty = { [variableName(FLAGS[name])]: '' };
    expect(readEnvironment(empty).values[name]).toBeUndefined();
  });
});

const OF_ONE_MEANING = FLAG_NAMES.filter((name) => variableName(FLAGS[name]) !== ADDING);

it.each(OF_ONE_MEANING)('%s is what its variable says', (name) => {
  const { variable, value } = CASES[name];
  const { values, warnings } = readEnvironment({ [variableName(FLAGS[name])]: variable });
  expect(values).toEqual({ root: undefined, [name]: value });
  expect(warnings).toEqual([]);
});

it('the variable of the host names adds to the option instead', () => {
  const { values, addedHosts } = readEnvironment({ [ADDING]: 'a.test, b.test' });
  expect([values.allowedHosts, addedHosts]).toEqual([undefined, ['a.test', 'b.test']]);
});

it('a flag that may have a value means something without one', () => {
  const { values } = readCommandLine(['--host', '--cors', '--poll', '--open'], '1.2.3');
  const meant = { host: '0.0.0.0', cors: true, poll: true, open: true };
  expect(values).toMatchObject(meant);
  const variables = readEnvironment({
    DEV_SERVE_HOST: '1',
    DEV_SERVE_CORS: 'true',
    DEV_SERVE_POLL: '1',
    DEV_SERVE_OPEN: '1',
  });
  expect(variables.values).toMatchObject(meant);
});

it('a variable of 0 or false takes back what a config file says', () => {
  const { values } = readEnvironment({
    DEV_SERVE_SPA: '0',
    DEV_SERVE_NO_LIST: 'false',
    DEV_SERVE_HOST: '0',
    DEV_SERVE_OPEN: 'FALSE',
  });
  expect(values).toMatchObject({ spa: false, list: true, host: 'localhost', open: false });
});

describe('the directory', () => {
  const rootOf = (...args: readonly string[]) => readCommandLine(args, '1.2.3').values.root;

  it('is the argument, or --path for those who are used to it', () => {
    expect(rootOf('site')).toBe('site');
    expect(rootOf('--path', 'site')).toBe('site');
    expect(readEnvironment({ DEV_SERVE_PATH: 'site' }).values.root).toBe('site');
  });

  it.each([
    ['--host', './site'],
    ['--open', 'site'],
    ['--open', './site'],
    ['--poll', 'site'],
    ['--cors', 'site'],
  ])('is not taken for the value of the flag before it: %s %s', (flag, directory) => {
    const { values } = readCommandLine([flag, directory, '--spa'], '1.2.3');
    expect(values).toMatchObject({ root: directory, spa: true });
    const name = FLAG_NAMES.find((each) => longName(FLAGS[each]) === flag) ?? 'port';
    expect(values[name]).toBe(FLAGS[name].bare);
  });

  it('may look like a flag after --', () => {
    expect(rootOf('--', '--open')).toBe('--open');
  });
});

describe('what becomes of them', () => {
  const optionsOf = (...args: readonly string[]) => {
    const { values } = readCommandLine(args, '1.2.3');
    return serverOptions(settingsOf([{ source: 'flag', values }]));
  };

  it('a certificate and its key are the option https, whether --https is given or not', () => {
    const files = { cert: 'a.pem', key: 'b.pem' };
    expect(optionsOf('--cert', 'a.pem', '--key', 'b.pem')).toMatchObject({ https: files });
    const https = optionsOf('--https', '--cert', 'a.pem', '--key', 'b.pem');
    expect(https).toMatchObject({ https: files });
  });

  it('those of a webhook are one option', () => {
    const webhook = { url: 'http://127.0.0.1:9', retries: 1 };
    const args = ['--webhook-url', 'http://127.0.0.1:9', '--webhook-retries', '1'];
    expect(optionsOf(...args).webhook).toMatchObject(webhook);
    expect(optionsOf().webhook).toBeUndefined();
  });

  it('those of the terminal are no options of a server', () => {
    const options = optionsOf('--open', '--quiet', '--json', '--verbose');
    expect(Object.keys(options).sort()).toEqual(['https', 'root', 'webhook']);
  });
});
