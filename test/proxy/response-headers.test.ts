import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rewriteLocation, rewriteRefresh } from '../../plugins/proxy/location.ts';
import { responseHeaders } from '../../plugins/proxy/response-headers.ts';
import { passage } from '../support/backends/passage.ts';

const local = passage('http://127.0.0.1:8000');
const overTls = passage('http://127.0.0.1:8000', { origin: 'https://localhost:3000' });
const remote = passage('https://app.example');
const api = passage('http://127.0.0.1:8000/v1', { here: '/api', there: '/v1' });

describe('X4: a Location', () => {
  it.each([
    ['http://127.0.0.1:8000/a?b#c', 'http://localhost:3000/a?b#c'],
    ['HTTP://127.0.0.1:8000', 'http://localhost:3000/'],
    ['http://localhost:8000/a', 'http://localhost:3000/a'],
    ['http://[::1]:8000/a', 'http://localhost:3000/a'],
    ['//127.0.0.1:8000/a', 'http://localhost:3000/a'],
    ['http://user:pw@127.0.0.1:8000/a', 'http://localhost:3000/a'],
    ['http://127.0.0.1:8000//evil.example/', 'http://localhost:3000//evil.example/'],
  ])('%s that names the upstream names this server', (location, rewritten) => {
    expect(rewriteLocation(location, local)).toBe(rewritten);
  });

  it.each([
    ...['/a', 'a', '../a', './', '?a', '#a', '', 'a:b', 'mailto:a@b', '/\\evil.example'],
    ...['http://127.0.0.1:8001/', 'https://127.0.0.1:8000/', 'http://elsewhere.example/'],
    ...['http://127.0.0.1:8000@evil.example/', 'http://127.0.0.1:8000.evil.example/'],
    ...['//evil.example/127.0.0.1:8000', 'http://', 'http://[', 'javascript://127.0.0.1:8000/%0a'],
  ])('%s passes as it is', (location) => {
    expect(rewriteLocation(location, local)).toBe(location);
  });

  it('that names this server is told its scheme', () => {
    const location = 'http://localhost:3000/a';
    expect(rewriteLocation(location, overTls)).toBe('https://localhost:3000/a');
    expect(rewriteLocation(location, local)).toBe(location);
    // Whoever was not asked by our name means a page of ours.
    expect(rewriteLocation('https://localhost:3000/a', remote)).toBe('https://localhost:3000/a');
  });

  it('of another machine is rewritten for its own scheme and port alone', () => {
    expect(rewriteLocation('https://APP.example:443/a', remote)).toBe('http://localhost:3000/a');
    for (const location of [
      'http://app.example/a',
      'https://app.example:444/',
      'https://x.app.example/',
    ]) {
      expect(rewriteLocation(location, remote)).toBe(location);
    }
  });

  it('follows the path of the rule, and leaves what is outside of it', () => {
    expect(rewriteLocation('http://127.0.0.1:8000/v1/a', api)).toBe('http://localhost:3000/api/a');
    expect(rewriteLocation('/v1/a?b', api)).toBe('/api/a?b');
    expect(rewriteLocation('/v1', api)).toBe('/api');
    for (const location of ['http://127.0.0.1:8000/login', '/login', '/v10', 'a']) {
      expect(rewriteLocation(location, api)).toBe(location);
    }
  });

  it('may stand in a Refresh', () => {
    const url = 'http://127.0.0.1:8000/a';
    expect(rewriteRefresh(`5; url=${url}`, local)).toBe('5; url=http://localhost:3000/a');
    expect(rewriteRefresh(`0;URL='${url}'`, local)).toBe("0;URL='http://localhost:3000/a'");
    expect(rewriteRefresh(`0, ${url}`, local)).toBe('0, http://localhost:3000/a');
    for (const refresh of ['5', '5; url=/a', '', 'x']) {
      expect(rewriteRefresh(refresh, local)).toBe(refresh);
    }
  });
});

describe('a cookie', () => {
  const rewritten = (cookie: string, to = local) =>
    responseHeaders({ 'set-cookie': [cookie] }, to)['set-cookie']?.[0];

  it.each([
    ['a=1; Domain=127.0.0.1; Path=/', 'a=1; Path=/'],
    ['a=1; Domain=localhost', 'a=1'],
    ['a=1;secure;HttpOnly', 'a=1;HttpOnly'],
    ['a=1; Secure; SameSite=None; Partitioned', 'a=1; SameSite=Lax'],
    ['a=1; SameSite=Strict; Secure', 'a=1; SameSite=Strict'],
    ['a="x=y"; Expires=Wed, 21 Oct 2030 07:28:00 GMT; Max-Age=1', undefined],
    ['__Host-a=1; Secure; Path=/', undefined],
    ['__Secure-a=1; Secure; SameSite=None', undefined],
    ['a=1; Domain=elsewhere.example', undefined],
    ['a', undefined],
    ['', undefined],
    [';;=;', undefined],
  ])('%s comes out right over plain HTTP', (cookie, expected) => {
    expect(rewritten(cookie)).toBe(expected ?? cookie);
  });

  it('stays secure over TLS', () => {
    const cookie = 'a=1; Secure; SameSite=None; Partitioned';
    expect(rewritten(cookie, overTls)).toBe(cookie);
  });

  it('of the upstream and of the domains above it is one of this host', () => {
    for (const domain of ['app.example', '.app.example', 'APP.example', 'example']) {
      expect(rewritten(`a=1; Domain=${domain}`, remote)).toBe('a=1');
    }
    expect(rewritten('a=1; Domain=pp.example', remote)).toBe('a=1; Domain=pp.example');
  });

  it('follows the path of the rule', () => {
    expect(rewritten('a=1; Path=/v1/x', api)).toBe('a=1; Path=/api/x');
    expect(rewritten('a=1; path=/v1', api)).toBe('a=1; Path=/api');
    for (const cookie of ['a=1; Path=/', 'a=1; Path=/other']) {
      expect(rewritten(cookie, api)).toBe(cookie);
    }
  });
});

describe('the headers of a response', () => {
  it('keep the policy, validators, and what several lines say', () => {
    const headers = {
      'content-security-policy': "default-src 'none'",
      etag: '"a"',
      'set-cookie': ['a=1', 'b=2'],
      vary: 'cookie, accept',
    };
    expect(responseHeaders(headers, local)).toEqual(headers);
  });

  it('leave out those of the connection, and promises for another host', () => {
    const headers = {
      connection: 'close, X-Internal, set-cookie',
      'x-internal': '1',
      'set-cookie': ['a=1'],
      'keep-alive': 'timeout=5',
      'transfer-encoding': 'chunked',
      upgrade: 'h2c',
      'strict-transport-security': 'max-age=1',
      'alt-svc': 'h3=":443"',
    };
    expect(responseHeaders(headers, local)).toEqual({});
  });

  it('translate Content-Location and Refresh like Location', () => {
    const url = 'http://127.0.0.1:8000/a';
    const headers = { location: url, 'content-location': url, refresh: `0; url=${url}` };
    expect(responseHeaders(headers, local)).toEqual({
      location: 'http://localhost:3000/a',
      'content-location': 'http://localhost:3000/a',
      refresh: '0; url=http://localhost:3000/a',
    });
  });
});

describe('whatever an upstream says', () => {
  const piece = fc.oneof(
    fc.constantFrom('http://', '//', '127.0.0.1', ':8000', '/', '\\', '@', '?', '#', ';', '=', ' '),
    fc.constantFrom(
      'Domain',
      'Path',
      'Secure',
      'SameSite=None',
      '__Host-',
      '0;url=',
      '[',
      '%',
      '"',
    ),
    fc.string({ maxLength: 3 }),
  );
  const text = fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(''));

  it('is translated without an error, and a redirect to elsewhere stays one', () => {
    fc.assert(
      fc.property(text, (value) => {
        const headers = { location: value, refresh: value, 'set-cookie': [value] };
        for (const to of [local, remote, api]) responseHeaders(headers, to);
        const browser = 'http://localhost:3000/page';
        if (!URL.canParse(value, browser)) return;
        const { host } = new URL(value, browser);
        const rewritten = new URL(rewriteLocation(value, local), browser).host;
        expect(rewritten).toBe(
          /^(127\.0\.0\.1|localhost):8000$/.test(host) ? 'localhost:3000' : host,
        );
      }),
    );
  });
});
