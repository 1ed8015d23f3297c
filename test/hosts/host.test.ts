import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../plugins/errors.ts';
import { isAllowedHost, parseAllowedHosts, parseHost } from '../../plugins/hosts/host.ts';

function passes(header: string, allowed: readonly string[] | true = []): boolean {
  const host = parseHost(header);
  return host !== undefined && isAllowedHost(host, parseAllowedHosts(allowed));
}

describe('H2: hosts that pass without configuration', () => {
  it.each([
    'localhost',
    'LOCALHOST:1',
    'localhost.',
    'localhost.:80',
    'localhost:',
    ' localhost ',
    'a.b.localhost',
    '127.0.0.1',
    '10.0.0.5:80',
    '[::1]:5173',
    '[2001:DB8::1]',
  ])('%j passes', (header) => {
    expect(passes(header)).toBe(true);
  });
});

describe('H2: hosts that are refused without configuration', () => {
  it.each([
    'evil.example',
    'localhost.evil.example',
    'evillocalhost',
    '127.0.0.1.evil.example',
    '255.255.255.256',
    'local\u017fost',
    '2130706433',
    '0x7f.1',
    'constructor',
    '__proto__',
  ])('%j does not pass', (header) => {
    expect(passes(header)).toBe(false);
  });
});

describe('H1: parsing a host', () => {
  it.each([
    '',
    ' ',
    '.',
    '..',
    '.localhost',
    'a..localhost',
    'localhost..',
    '[',
    ']',
    '[]',
    '[::z]',
    '[::1',
    '::1',
    '[::1]x',
    '[127.0.0.1]',
    '[fe80::1%eth0]',
    'u@localhost',
    'a/b?c',
    'localhost:99999',
    'localhost:-1',
    'localhost:80:80',
    'localhost:8o',
    'local host',
    'localhost,evil.example',
    'localhost\0',
    'http://localhost',
    'b\u00fccher.example',
    `${'a'.repeat(254)}`,
  ])('%j is malformed', (header) => {
    expect(parseHost(header)).toBeUndefined();
  });

  it('normalises the case, one trailing dot and the port', () => {
    const host = { name: 'dev.example.com', port: 8080, isAddress: false };
    expect(parseHost('Dev.Example.COM.:8080')).toEqual(host);
  });

  it('keeps the brackets of an IPv6 address', () => {
    expect(parseHost('[::1]:80')).toEqual({ name: '[::1]', port: 80, isAddress: true });
  });

  it('never throws and never takes long, whatever the header', () => {
    const pieces = fc.constantFrom('localhost', '127.0.0.1', '[', ']', '::', '.', ':', '%', '80');
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
    );
    const startedAt = performance.now();
    fc.assert(
      fc.property(hostile, (header) => {
        const host = parseHost(header);
        if (host === undefined) return;
        expect(host.name).toMatch(/^(\[[0-9a-f:.]+\]|[a-z0-9._-]{1,253})$/);
        expect(isAllowedHost(host, [])).toBeTypeOf('boolean');
      }),
      { numRuns: 10_000 },
    );
    expect(performance.now() - startedAt).toBeLessThan(30_000);
  });

  it.each(['.', ' ', '[', ':', 'a.', '0'])('is quick on 16 KiB of %j', (piece) => {
    // Processor time: what others take of a busy machine plays no part.
    const { user } = process.cpuUsage();
    expect(parseHost(piece.repeat(16_384))).toBeUndefined();
    expect(process.cpuUsage().user - user).toBeLessThan(100_000);
  });

  it('lets no name through that ends in neither localhost nor an address', () => {
    fc.assert(
      fc.property(fc.domain(), (name) => {
        fc.pre(!name.endsWith('localhost'));
        expect(passes(name)).toBe(false);
        expect(passes(`localhost.${name}`)).toBe(false);
        expect(passes(`127.0.0.1.${name}`)).toBe(false);
      }),
    );
  });
});

describe('H3: a configured list', () => {
  it('lets an exact name through and nothing below it', () => {
    expect(passes('dev.example.com:3000', ['Dev.Example.com'])).toBe(true);
    expect(passes('a.dev.example.com', ['dev.example.com'])).toBe(false);
  });

  it('lets the apex and every depth of a dotted suffix through', () => {
    for (const header of ['example.com', 'a.example.com', 'a.b.example.com:80']) {
      expect(passes(header, ['.example.com'])).toBe(true);
    }
    expect(passes('evilexample.com', ['.example.com'])).toBe(false);
  });

  it('lets every well-formed host through when it is true', () => {
    expect(passes('evil.example', true)).toBe(true);
    expect(passes('a/b?c', true)).toBe(false);
  });

  it.each([
    'http://dev.example.com',
    'dev.example.com:3000',
    'dev.example.com:',
    '*',
    '*.example.com',
    '.com',
    '.1.2.3.4',
    '.',
    '',
    'dev.example.com/path',
  ])('refuses the entry %j when it is registered', (entry) => {
    expect(() => parseAllowedHosts([entry])).toThrow(InvalidOptionError);
  });

  it('names the option and the entry in the error', () => {
    expect(() => parseAllowedHosts(['*'], 'DEV_SERVE_ALLOWED_HOSTS')).toThrow(
      /DEV_SERVE_ALLOWED_HOSTS.*"\*"/,
    );
  });
});
