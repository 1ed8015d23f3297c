import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestTarget } from '../../plugins/proxy/request-target.ts';
import { isBelow, mappingOf, pathHere, pathThere } from '../../plugins/proxy/rule.ts';

const same = { here: '', there: '' };
const api = { here: '/api', there: '/v1' };
const stripped = { here: '/api', there: '' };

describe('X1: a request target', () => {
  it('passes as it is where paths are the same', () => {
    for (const target of [
      '/',
      '/a//b',
      '/a?b=../c&d=\\',
      '/%C3%A9%2520',
      '/a/...',
      '/..a',
      '/a..',
    ]) {
      expect(requestTarget(target, same)).toBe(target);
    }
  });

  it.each([
    ['/api', '/v1', '/'],
    ['/api?a=/api', '/v1?a=/api', '/?a=/api'],
    ['/api/', '/v1/', '/'],
    ['/api/users/1', '/v1/users/1', '/users/1'],
    ['/%61pi/x', '/v1/x', '/x'],
  ])('%s is below the path of the rule', (target, atPath, atRoot) => {
    expect(requestTarget(target, api)).toBe(atPath);
    expect(requestTarget(target, stripped)).toBe(atRoot);
  });

  it.each([
    ['is absolute', 'http://evil.example/'],
    ['names a host', '//evil.example/'],
    ['is a star', '*'],
    ['is empty', ''],
    ['holds a fragment', '/a#b'],
    ['holds a backslash', '/a\\..\\b'],
    ['begins with one', '\\\\evil.example'],
    ['holds a space', '/api/a b'],
    ['holds a line break', '/api/a\r\nHost: evil.example'],
    ['holds what is no byte', '/api/\u2026'],
    ['climbs', '/api/../secret'],
    ['climbs at its end', '/api/..'],
    ['climbs in percent', '/api/%2e%2E/secret'],
    ['climbs half in percent', '/api/.%2e/secret'],
    ['climbs with encoded slashes', '/api/..%2fsecret'],
    ['climbs with encoded backslashes', '/api/x%5C..%5csecret'],
    ['climbs with parameters', '/api/..;a=1/secret'],
    ['climbs with encoded parameters', '/api/..%3b/secret'],
  ])('is refused when it %s', (_what, target) => {
    for (const mapping of [same, api, stripped]) {
      expect(requestTarget(target, mapping)).toBeUndefined();
    }
  });

  it('never leads out of the path at the upstream, as far as a URL parser can tell', () => {
    const piece = fc.constantFrom(
      '/',
      '.',
      '..',
      '%2e',
      '%2f',
      '%5c',
      '\\',
      ';',
      '?',
      '#',
      'a',
      ':',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const target = requestTarget(`/api/${pieces.join('')}`, api);
        if (target === undefined) return;
        const url = new URL(`http://upstream.example${target}`);
        expect(url.host).toBe('upstream.example');
        expect(`${url.pathname}/`).toMatch(/^\/v1\//);
      }),
    );
  });
});

describe('a rule', () => {
  const rule = (path: string, target: string) => ({ path, target: new URL(target) });

  it('keeps paths unless its target has one', () => {
    expect(mappingOf(rule('/api', 'http://h'), '')).toEqual({ here: '/api', there: '/api' });
    expect(mappingOf(rule('/api', 'http://h/v1/'), '/base')).toEqual({
      here: '/base/api',
      there: '/v1',
    });
    expect(mappingOf({ ...rule('/api', 'http://h'), rewrite: true }, '')).toEqual(stripped);
  });

  it('translates paths in both directions', () => {
    expect(pathHere('/v1/a', api)).toBe('/api/a');
    expect(pathHere('/v10', api)).toBeUndefined();
    expect(pathHere('/a', stripped)).toBe('/api/a');
    expect(pathThere('/api/a', api)).toBe('/v1/a');
    expect(pathThere('/apia', api)).toBe('/apia');
    expect(pathThere('/api', stripped)).toBe('/');
  });

  it('knows what is below a path, however it is spelt', () => {
    for (const path of ['/@own', '/@own?a', '/%40own/x', '/@%6Fwn/']) {
      expect(isBelow(path, ['/@own'])).toBe(true);
    }
    for (const path of ['/@owner', '/x/@own', '/%C3%A9', '/%ff', '/%']) {
      expect(isBelow(path, ['/@own'])).toBe(false);
    }
  });
});
