import type { NetworkInterfaceInfo } from 'node:os';
import { expect, it } from 'vitest';
import { networkUrls } from '../../server/cli/addresses.ts';

const v4 = (address: string, internal = false): NetworkInterfaceInfo => ({
  ...{ address, internal, family: 'IPv4' },
  ...{ netmask: '', mac: '', cidr: null },
});
const v6 = (address: string, internal = false): NetworkInterfaceInfo => ({
  ...{ address, internal, family: 'IPv6', scopeid: 0 },
  ...{ netmask: '', mac: '', cidr: null },
});
const interfaces = {
  lo: [v4('127.0.0.1', true), v6('::1', true)],
  docker0: [v4('172.17.0.1')],
  eth0: [v6('2001:db8::7'), v4('192.168.1.7'), v6('fe80::1')],
};
const urls = (host: string, url = 'http://localhost:3000/') => networkUrls(url, host, interfaces);

it.each(['localhost', 'my.localhost', '127.0.0.1', '127.1.2.3', '::1'])(
  'Q1: nobody else reaches a server on %s',
  (host) => {
    expect(urls(host)).toEqual([]);
  },
);

it('Q1: each address of IPv4 leads to a server on 0.0.0.0, those of containers last', () => {
  expect(urls('0.0.0.0')).toEqual(['http://192.168.1.7:3000/', 'http://172.17.0.1:3000/']);
});

it('IPv6 leads to a server on ::, where a URL can name the address', () => {
  expect(urls('::', 'https://localhost/')).toEqual([
    'https://192.168.1.7/',
    'https://[2001:db8::7]/',
    'https://172.17.0.1/',
  ]);
});

it('a server on one name or address is reached by it', () => {
  expect(urls('box.test', 'http://box.test:3000/')).toEqual(['http://box.test:3000/']);
});
