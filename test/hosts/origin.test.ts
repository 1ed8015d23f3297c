import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../plugins/errors.ts';
import { parseHost } from '../../plugins/hosts/host.ts';
import { isAllowedOrigin, parseAllowedOrigins } from '../../plugins/hosts/origin.ts';

function passes(
  origin: string,
  hostHeader: string,
  allowed: readonly string[] = [],
  https = false,
): boolean {
  const host = parseHost(hostHeader);
  if (host === undefined) throw new Error(`bad test host ${hostHeader}`);
  return isAllowedOrigin(origin, host, parseAllowedOrigins(allowed), https);
}

describe('O1: the own origin', () => {
  it.each([
    ['http://localhost:3000', 'localhost:3000'],
    ['HTTP://LOCALHOST:3000', 'localhost.:3000'],
    ['http://localhost', 'localhost'],
    ['http://localhost', 'localhost:80'],
    ['http://localhost:80', 'localhost'],
    ['http://127.0.0.1:3000', '127.0.0.1:3000'],
    ['http://[::1]:3000', '[::1]:3000'],
  ])('%s passes for the host %s', (origin, host) => {
    expect(passes(origin, host)).toBe(true);
  });

  it('has the default port 443 when the server speaks TLS', () => {
    expect(passes('https://localhost', 'localhost:443', [], true)).toBe(true);
    expect(passes('https://localhost', 'localhost', [], true)).toBe(true);
    expect(passes('http://localhost', 'localhost', [], true)).toBe(false);
  });

  it('passes through a tunnel that ends TLS for a public name', () => {
    expect(passes('https://dev.example.com', 'dev.example.com')).toBe(true);
    expect(passes('https://localhost', 'localhost')).toBe(false);
  });
});

describe('O1: a foreign origin', () => {
  it.each([
    ['http://localhost:4000', 'localhost:3000'],
    ['http://localhost', 'localhost:3000'],
    ['http://localhost:3000', 'localhost'],
    ['http://127.0.0.1:3000', 'localhost:3000'],
    ['http://10.0.0.5:3000', '127.0.0.1:3000'],
    ['http://evil.example', 'localhost:3000'],
    ['http://localhost.evil.example:3000', 'localhost:3000'],
    ['http://evil-localhost:3000', 'localhost:3000'],
    ['http://localhost:3000.evil.example', 'localhost:3000'],
    ['null', 'localhost:3000'],
    ['', 'localhost:3000'],
    ['file://', 'localhost:3000'],
    ['file:///etc/passwd', 'localhost:3000'],
    ['chrome-extension://localhost:3000', 'localhost:3000'],
    ['moz-extension://abc', 'localhost:3000'],
    ['ws://localhost:3000', 'localhost:3000'],
    ['//localhost:3000', 'localhost:3000'],
    ['localhost:3000', 'localhost:3000'],
    ['http://user@localhost:3000', 'localhost:3000'],
    ['http://localhost:3000/', 'localhost:3000'],
    ['http://localhost:3000/path', 'localhost:3000'],
    ['http://localhost:3000#', 'localhost:3000'],
    ['http://localhost:3000 ', 'localhost:3000'],
    ['http://localhost:3000, http://localhost:3000', 'localhost:3000'],
    ['http://[::z]', 'localhost:3000'],
    ['http://', 'localhost:3000'],
  ])('%j is refused for the host %s', (origin, host) => {
    expect(passes(origin, host)).toBe(false);
  });

  it('is refused or allowed, never an error, whatever the header', () => {
    const parts = fc.constantFrom('http', 's', '://', 'localhost', ':', '[', ']', '@', '/', '80');
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.webUrl(),
      fc.array(parts, { maxLength: 40 }).map((list) => list.join('')),
    );
    const startedAt = performance.now();
    fc.assert(
      fc.property(hostile, (origin) => {
        const allowed = passes(origin, 'localhost:3000');
        if (allowed) expect(new URL(origin).origin).toBe('http://localhost:3000');
      }),
      { numRuns: 10_000 },
    );
    expect(performance.now() - startedAt).toBeLessThan(30_000);
  });

  it('is refused quickly when it is 16 KiB long', () => {
    // Processor time: what others take of a busy machine plays no part.
    const { user } = process.cpuUsage();
    expect(passes(`http://${'a.'.repeat(8192)}`, 'localhost')).toBe(false);
    expect(process.cpuUsage().user - user).toBeLessThan(100_000);
  });
});

describe('O1: a configured list of origins', () => {
  it('allows an exact origin, with its default port normalised', () => {
    expect(passes('https://app.example', 'localhost:3000', ['https://App.example:443'])).toBe(true);
    expect(passes('http://app.example', 'localhost:3000', ['https://app.example'])).toBe(false);
    expect(passes('https://a.app.example', 'localhost', ['https://app.example'])).toBe(false);
    expect(passes('https://app.example:8443', 'localhost', ['https://app.example'])).toBe(false);
  });

  it('allows every origin only for a typed asterisk', () => {
    expect(passes('null', 'localhost', ['*'])).toBe(true);
    expect(passes('https://evil.example', 'localhost', ['*'])).toBe(true);
  });

  it.each([
    'app.example',
    'https://app.example/',
    'https://app.example/path',
    'https://*.example',
    'null',
    'file://',
    '',
    '**',
  ])('refuses the entry %j when it is registered', (entry) => {
    expect(() => parseAllowedOrigins([entry])).toThrow(InvalidOptionError);
  });
});
