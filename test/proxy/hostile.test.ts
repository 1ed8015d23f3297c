import { beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../support/backends/ask.ts';
import { Backend } from '../support/backends/backend.ts';
import { LiveSite } from '../support/live-site.ts';
import { rawRequest } from '../support/raw-request.ts';

let backend: Backend;
let site: LiveSite;

beforeEach(async () => {
  backend = await Backend.node('app');
  site = await LiveSite.start({}, { proxy: { '/api': `${backend.url}/v1`, '/': backend.url } });
});

const raw = (line: string, ...headers: string[]) =>
  rawRequest(site.port, [line, `Host: 127.0.0.1:${site.port}`, ...headers, 'Connection: close']);

describe('a hostile request', () => {
  it('X1: for what could lead elsewhere is refused with 400 and nothing of the upstream', async () => {
    const targets = [
      ...['http://evil.example/echo', '//evil.example/echo', '/\\evil.example/echo', '/../echo'],
      ...['/api/..%2fecho', '/api/%2e%2e/echo', '/api/..%5cecho', '/api/..;/echo', '/%zz'],
    ];
    for (const target of targets) {
      const { status, body } = await raw(`GET ${target} HTTP/1.1`);
      expect(status, target).toBe(400);
      expect(body).not.toContain('rawHeaders');
    }
  });

  it('X2: cannot take a header away that this server adds, nor add one that it sets', async () => {
    const { body } = await rawRequest(site.port, [
      'GET /echo HTTP/1.1',
      `Host: 127.0.0.1:${site.port}`,
      'Connection: close, X-Forwarded-For, X-Forwarded-Host, Host, Cookie',
      'Cookie: a=1',
      'X-Forwarded-For: 8.8.8.8',
      'X_Forwarded_For: 8.8.8.8',
      'X-Forwarded-Host: evil.example',
      'Forwarded: for=8.8.8.8',
      'Transfer_Encoding: chunked',
    ]);
    const { headers } = JSON.parse(body.replace(/^[\da-f]+\r\n|\r\n0\r\n\r\n$/g, ''));
    expect(headers).toEqual({
      connection: 'keep-alive',
      host: `127.0.0.1:${site.port}`,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': `127.0.0.1:${site.port}`,
      'x-forwarded-proto': 'http',
    });
  });

  it('with two lengths, or a length and chunks, goes no further', async () => {
    const both = ['Content-Length: 5', 'Transfer-Encoding: chunked'];
    for (const headers of [both, ['Content-Length: 5', 'Content-Length: 6']]) {
      expect((await raw('POST /upload HTTP/1.1', ...headers)).status).toBe(400);
    }
    expect(await (await fetch(`${backend.url}/log`)).json()).toMatchObject({ log: [], streams: 0 });
  });

  it('whose body looks like a request is one request', async () => {
    const smuggled = 'GET /crash HTTP/1.1\r\nHost: x\r\n\r\n';
    const text = `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`;
    const { status, body } = await rawRequest(site.port, [
      'DELETE /upload HTTP/1.1',
      `Host: 127.0.0.1:${site.port}`,
      'Connection: close, Transfer-Encoding',
      'Transfer-Encoding: chunked',
      `\r\n${text}`,
    ]);
    expect(status).toBe(200);
    expect(body).toContain(`"length":${smuggled.length}`);
  });

  it('for another host never reaches the upstream', async () => {
    for (const host of ['evil.example', `127.0.0.1:${site.port}@evil.example`, '']) {
      const lines = ['GET /never HTTP/1.1', `Host: ${host}`, 'Connection: close'];
      expect([400, 403]).toContain((await rawRequest(site.port, lines)).status);
    }
    expect(await (await fetch(`${backend.url}/log`)).json()).toMatchObject({ log: [], streams: 0 });
  });

  it('cannot make the query choose another path', async () => {
    const { text } = await ask(`${site.url}api/echo?/../x=//evil.example&b=%2e%2e`);
    expect(JSON.parse(text).url).toBe('/v1/echo?/../x=//evil.example&b=%2e%2e');
  });
});

describe('an odd request', () => {
  it('passes byte for byte when it can be told whom it is for', async () => {
    const { status, body } = await raw('GET /api/echo?a=%zz&&=\\|{}[]"<>^` HTTP/1.1');
    expect(status).toBe(200);
    expect(body).toContain(JSON.stringify('/v1/echo?a=%zz&&=\\|{}[]"<>^`'));
  });
});

describe('a hostile response', () => {
  it('loses what is meant for the connection alone', async () => {
    const { headers } = await ask(`${site.url}hop-by-hop`);
    expect(headers['x-kept']).toBe('yes');
    for (const name of [
      'x-internal',
      'proxy-authenticate',
      'strict-transport-security',
      'alt-svc',
    ]) {
      expect(headers).not.toHaveProperty(name);
    }
    expect(headers['keep-alive']).not.toBe('timeout=1');
  });
});
