import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDenied } from '../../plugins/files/access.ts';
import { parseTarget } from '../../plugins/files/parse-target.ts';
import { slashRedirect } from '../../plugins/files/redirect.ts';
import { isWindowsAlias } from '../../plugins/files/windows-alias.ts';
import { target } from '../support/targets.ts';

describe('the deciders about a path', () => {
  it('P2, P7: read any of 100,000 texts without throwing, as names of entries or not at all', {
    timeout: 120_000,
  }, () => {
    let read = 0;
    const property = fc.property(target, (text) => {
      const parsed = parseTarget(text);
      if (!parsed) return;
      read += 1;
      // Not through expect, which would cost more than what it looks at.
      const isNamed = parsed.segments.every(
        (segment) => !/^\.{0,2}$|[/\\\p{Cc}]/u.test(segment) && segment.isWellFormed(),
      );
      const path = text.replace(/\?.*$/s, '').slice(1, parsed.trailingSlash ? -1 : undefined);
      const encoded = path === '' ? [] : path.split('/');
      const isSame = encoded.every(
        (each, index) => decodeURIComponent(each) === parsed.segments[index],
      );
      if (!isNamed || !isSame || encoded.length !== parsed.segments.length) {
        throw new Error(`read as ${JSON.stringify(parsed)}`);
      }
      isDenied(parsed.segments);
      parsed.segments.some(isWindowsAlias);
    });
    fc.assert(property, { numRuns: 100_000 });
    expect(read).toBeGreaterThan(10_000);
  });

  it('P4: the query never changes which path is read', () => {
    const path = fc.constantFrom('/.env', '/a/server.key', '/sub/../x', '/index.html', '/a%2fb');
    const query = fc.string({ unit: 'grapheme-ascii' }).filter((text) => !/[\s#]/.test(text));
    fc.assert(
      fc.property(path, query, (text, rest) => {
        const plain = parseTarget(text);
        const parsed = parseTarget(`${text}?${rest}`);
        expect(parsed && { ...parsed, query: '' }).toEqual(plain);
      }),
      { numRuns: 2000 },
    );
  });

  it('R1, R2: a redirect leads from a folder to itself, whatever it and the query are called', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(
          fc.constantFrom(
            '/',
            '\\',
            ':',
            '//evil.example',
            'http:',
            '\r\n',
            '\f',
            '?',
            '#',
            'a',
            '..',
          ),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(fc.constantFrom('missing', 'surplus'), text, text, (slash, name, query) => {
        const location = slashRedirect(slash, name, `?${query}`);
        if (location === undefined)
          return void expect(/^\.{0,2}$/.test(name) || !name.isWellFormed()).toBe(true);
        // No byte that ends a header line, and no way to another host or scheme.
        expect(location).toMatch(/^\.\.?\/[!-~]*$/);
        const from = `http://localhost/x/${encodeURIComponent(name)}${slash === 'missing' ? '' : '/'}`;
        const to = new URL(location, from);
        expect(to.origin).toBe('http://localhost');
        expect(decodeURIComponent(to.pathname)).toBe(`/x/${name}${slash === 'missing' ? '/' : ''}`);
        const isKept = /^[!-"$-~]*$/.test(query);
        expect(location.includes('?') ? location.replace(/^[^?]*\?/s, '') : undefined).toBe(
          isKept ? query : undefined,
        );
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('D2: what is sensitive by its name', () => {
  const SENSITIVE = [
    ...['.env', '.env.local', '.env.production.local', '.npmrc', '.yarnrc.yml', '.git'],
    ...['a.crt', 'a.pem', 'server.key', 'a.p12', 'a.pfx', 'a.cer', 'a.der', '.key', 'a.b.pem'],
  ];
  const anyCase = (name: string) =>
    fc
      .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
      .map((raised) => [...name].map((c, i) => (raised[i] ? c.toUpperCase() : c)).join(''));
  const segment = fc.constantFrom('a', 'b.html', '.well-known', '__proto__', 'é');

  it('is denied in any folder, in any case, also where dotfiles are served', () => {
    const path = fc.tuple(
      fc.array(segment),
      fc.constantFrom(...SENSITIVE).chain(anyCase),
      fc.array(segment),
    );
    fc.assert(
      fc.property(
        path,
        fc.boolean(),
        fc.boolean(),
        ([above, name, below], dotfiles, followSymlinks) => {
          expect(isDenied([...above, name, ...below], { dotfiles, followSymlinks })).toBe(true);
          const dotted = [...above, name, ...below].some((each) => each.startsWith('.'));
          expect(
            isDenied([...above, name, ...below], { dotfiles: true, sensitiveFiles: true }),
          ).toBe(false);
          if (!dotted)
            expect(isDenied([...above, name, ...below], { sensitiveFiles: true })).toBe(false);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it.each(['a\u212aey.\u212aey', 'x.\u212aEY'])('is folded as disks fold it: %s', (name) => {
    expect(isDenied([name])).toBe(true);
  });

  it.each([
    'keys.html',
    'a.keys',
    'environment',
    'env',
    'pem',
    'certificate.crt.html',
    'git',
    'a.key.txt',
  ])('is not %s', (name) => expect(isDenied([name])).toBe(false));
});
