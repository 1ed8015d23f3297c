import type { NetworkInterfaceInfo } from 'node:os';
import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { isAllowedHost, parseHost } from '../../plugins/hosts/host.ts';
import { banner } from '../../server/cli/banner.ts';
import { readyEvent } from '../../server/cli/ready.ts';
import { settingsOf } from '../../server/cli/settings.ts';

const address = (family: 'IPv4' | 'IPv6', text: string): NetworkInterfaceInfo => ({
  ...{ address: text, netmask: '', mac: '', cidr: null, internal: false },
  ...(family === 'IPv6' ? { family, scopeid: 0 } : { family }),
});
const interfaces = {
  eth0: [address('IPv4', '192.168.1.7'), address('IPv6', '2001:db8::7')],
  docker0: [address('IPv4', '172.17.0.1')],
};
const style = { colors: picocolors.createColors(false), qr: [], hasKeys: false };

/** The lines of the banner with URLs, of a server that was started with this `--host`. */
function urlLinesFor(host: string, url: string): [label: string, url: string][] {
  const settings = settingsOf([{ source: 'flag', values: { host } }]);
  const desk = { open: false, isQuiet: false, isJson: false, isVerbose: false };
  const setup = { settings, desk, file: undefined, addedHosts: [], warnings: [] };
  const ready = readyEvent(setup, { version: '1.0.0', url, startTime: 1, interfaces });
  const lines = banner(ready, style).matchAll(/^ +(Local|Network): +(\S+)$/gm);
  return [...lines].map(([, label = '', printed = '']) => [label, printed]);
}

describe('Q1: the URLs in the banner', () => {
  it.each([
    ['localhost', 'http://localhost:3000/', 0],
    ['app.localhost', 'http://app.localhost:3000/', 0],
    ['127.0.0.1', 'http://127.0.0.1:3000/', 0],
    ['::1', 'https://[::1]:3000/', 0],
    ['0.0.0.0', 'http://localhost:3000/', 2],
    ['::', 'https://localhost/', 3],
    ['192.168.1.7', 'http://192.168.1.7:3000/', 0],
    ['Box.test', 'http://Box.test:3000/', 0],
  ])('for --host %s are Local, and Network only beyond this machine', (host, url, more) => {
    const lines = urlLinesFor(host, url);
    const network = Array.from({ length: more }, () => 'Network');
    expect(lines.map(([label]) => label)).toEqual(['Local', ...network]);
    expect(lines[0]).toEqual(['Local', url]);
    // Each is one that a browser is answered by.
    for (const [, printed] of lines) {
      const named = parseHost(new URL(printed).host);
      const bound = [host.toLowerCase()].filter(
        (name) => /[a-z]/.test(name) && !name.includes(':'),
      );
      expect(named && isAllowedHost(named, bound), printed).toBe(true);
    }
  });
});
