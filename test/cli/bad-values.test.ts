import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../server/cli/environment.ts';
import { splitHeaders, splitList } from '../../server/cli/parse.ts';
import { serverOptions } from '../../server/cli/server-options.ts';
import { type Source, settingsOf } from '../../server/cli/settings.ts';

describe('a variable that cannot be meant', () => {
  it.each([
    ['DEV_SERVE_PORT', '70000', 'A port is a number from 0 to 65535.'],
    ['DEV_SERVE_PORT', '0x10', 'A port is a number from 0 to 65535.'],
    ['DEV_SERVE_STRICT_PORT', 'yes', 'It is 1 or 0, true or false.'],
    ['DEV_SERVE_EVENTS', 'write,save', 'Allowed choices are create, write, remove, rename, chmod.'],
    ['DEV_SERVE_IGNORE_EVENTS', 'touch', 'Allowed choices are'],
    ['DEV_SERVE_IGNORE', '*.map,,*.log', 'No entry of the list may be empty.'],
    ['DEV_SERVE_EVENTS', ' ', 'No entry of the list may be empty.'],
    ['DEV_SERVE_STREAM_METHOD', 'udp', 'Allowed choices are sse, websocket, both.'],
    ['DEV_SERVE_POLL', '-1', 'An interval in milliseconds is a number'],
    ['DEV_SERVE_MOUNT', 'lib=../lit', 'A mount is written /path=directory.'],
    ['DEV_SERVE_MOUNT', '/lib', 'A mount is written /path=directory.'],
    ['DEV_SERVE_HEADER', 'no colon', "A header is written 'Name: value'."],
    ['DEV_SERVE_HEADER', 'a b: c', "A header is written 'Name: value'."],
    ['DEV_SERVE_HEADER', ': c', "A header is written 'Name: value'."],
    ['DEV_SERVE_PROXY', 'localhost', 'A proxy is written http://host:port'],
    ['DEV_SERVE_PROXY', '/api=nowhere', 'A proxy is written http://host:port'],
    ['DEV_SERVE_PROXY', 'http://a,http://b', 'The path / has a proxy already.'],
    ['DEV_SERVE_PROXY', '/a=http://a,/a=http://b', 'The path /a has a proxy already.'],
    ['DEV_SERVE_WEBHOOK_METHOD', 'GET', 'Allowed choices are POST, PUT, PATCH.'],
    ['DEV_SERVE_WEBHOOK_TIMEOUT', '1s', 'A duration in milliseconds is a number'],
  ])('%s=%s is an error that names the variable, not the value', (variable, value, text) => {
    expect(() => readEnvironment({ [variable]: value })).toThrow(`${variable}: ${text}`);
  });

  it('is told of when nobody reads it, with the one that is near', () => {
    const { warnings } = readEnvironment({
      DEV_SERVE_PROT: '1',
      DEV_SERVE_ALLOWED_HOSTS: 'a.test',
    });
    expect(warnings).toEqual(['DEV_SERVE_PROT is no variable that is read: is it DEV_SERVE_PORT?']);
  });

  it('is no second variable for the hosts beside the one that adds', () => {
    const { values, addedHosts, warnings } = readEnvironment({ DEV_SERVE_ALLOWED_HOST: 'a.test' });
    expect([values.allowedHosts, addedHosts]).toEqual([undefined, []]);
    expect(warnings).toEqual([expect.stringContaining('is it DEV_SERVE_ALLOWED_HOSTS?')]);
  });
});

describe('what only makes sense together', () => {
  const options = (values: Readonly<Record<string, string>>, source: Source = 'flag') => {
    return () => serverOptions(settingsOf([{ source, values }]));
  };

  it('is refused alone', () => {
    expect(options({ 'https.cert': 'a' })).toThrow('--cert needs --key');
    expect(options({ 'https.key': 'a' })).toThrow('--key needs --cert');
    expect(options({ 'webhook.method': 'PUT' })).toThrow('--webhook-method needs --webhook-url');
  });

  it('is named as it was written', () => {
    const [cert, method] = [{ 'https.cert': 'a' }, { 'webhook.method': 'PUT' }];
    expect(options(cert, 'environment')).toThrow('DEV_SERVE_CERT needs DEV_SERVE_KEY');
    expect(options(method, 'environment')).toThrow('_METHOD needs DEV_SERVE_WEBHOOK_URL');
    expect(options(method, 'file')).toThrow('"webhook.method" needs "webhook.url"');
  });

  it('may come from two sources', () => {
    const settings = settingsOf([
      { source: 'flag', values: { 'webhook.url': 'http://a.test' } },
      { source: 'file', values: { 'webhook.retries': 1 } },
    ]);
    expect(serverOptions(settings).webhook).toMatchObject({ url: 'http://a.test', retries: 1 });
  });
});

describe('lists', () => {
  it('are split at commas, but not within the braces of a glob', () => {
    expect(splitList('a, b ,,{c,{d,e}},f')).toEqual(['a', 'b', '{c,{d,e}}', 'f']);
    expect(splitList('a},b,{c,d')).toEqual(['a}', 'b', '{c,d']);
    expect(splitList('')).toEqual([]);
  });

  it('of headers are split where a name follows', () => {
    expect(splitHeaders('A: b, c, D: e')).toEqual(['A: b, c', 'D: e']);
  });
});
