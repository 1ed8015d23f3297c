import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { requestHeaders } from '../../plugins/proxy/request-headers.ts';
import { passage } from '../support/backends/passage.ts';

const local = passage('http://127.0.0.1:8000');
const remote = passage('https://app.example/base', { here: '/api', there: '/base' });
const client = { address: '::ffff:192.168.1.5', mayGetPage: false };

const sent = (headers: IncomingHttpHeaders, to = local, mayGetPage = false) =>
  requestHeaders({ host: 'localhost:3000', ...headers }, { ...client, mayGetPage }, to);

describe('X2: the headers for an upstream', () => {
  it('say whom the browser asked, and nothing that the client says of it', () => {
    const headers = sent({
      'x-forwarded-for': '8.8.8.8',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-prefix': '/evil',
      x_forwarded_for: '8.8.8.8',
      forwarded: 'for=8.8.8.8',
      'x-real-ip': '8.8.8.8',
      'x-original-url': '/admin',
      x_rewrite_url: '/admin',
      proxy: 'http://evil.example',
      'x-kept': 'yes',
    });
    expect(headers).toEqual({
      host: 'localhost:3000',
      'x-forwarded-for': '192.168.1.5',
      'x-forwarded-host': 'localhost:3000',
      'x-forwarded-proto': 'http',
      'x-kept': 'yes',
    });
  });

  it('leave out those of the connection, and then those that the client lists', () => {
    const headers = sent({
      connection: 'keep-alive, X-Secret ,cookie,x-forwarded-for,host',
      'keep-alive': 'timeout=5',
      'x-secret': '1',
      cookie: 'a=1',
      te: 'trailers',
      trailer: 'x',
      'transfer-encoding': 'chunked',
      transfer_encoding: 'identity',
      upgrade: 'h2c',
      'http2-settings': 'AAA',
      'proxy-authorization': 'Basic eDp5',
      'proxy-connection': 'keep-alive',
      expect: '100-continue',
    });
    expect(headers).toEqual({
      host: 'localhost:3000',
      'x-forwarded-for': '192.168.1.5',
      'x-forwarded-host': 'localhost:3000',
      'x-forwarded-proto': 'http',
    });
  });

  it('of this machine name the host that the browser named, and its page', () => {
    const origin = 'http://localhost:3000';
    const referer = `${origin}/api/form`;
    expect(sent({ origin, referer })).toMatchObject({ host: 'localhost:3000', origin, referer });
    expect(sent({ ':authority': 'a.localhost:3000' }).host).toBe('a.localhost:3000');
  });

  it('of any other machine name the upstream, also for a page of ours', () => {
    const origin = 'http://localhost:3000';
    const headers = sent({ origin, referer: `${origin}/api/form?a=1` }, remote);
    expect(headers).toMatchObject({
      host: 'app.example',
      origin: 'https://app.example',
      referer: 'https://app.example/base/form?a=1',
      'x-forwarded-host': 'localhost:3000',
    });
  });

  it.each([
    'https://evil.example',
    'null',
    'http://localhost:3001',
    'http://localhost:3000.evil',
    '',
  ])('leave the foreign origin "%s" for the upstream to judge', (origin) => {
    const referer = `${origin}/page`;
    expect(sent({ origin, referer }, remote)).toMatchObject({ origin, referer });
  });

  it('carry the user of the target, unless the client is one itself', () => {
    const to = passage('http://us%20er:p%3Aw%@127.0.0.1:8000');
    const basic = `Basic ${Buffer.from('us er:p%3Aw%').toString('base64')}`;
    expect(sent({}, to).authorization).toBe(basic);
    expect(sent({ authorization: 'Bearer x' }, to).authorization).toBe('Bearer x');
    expect(sent({}).authorization).toBeUndefined();
  });

  it('ask for pages in codings that can be read, and for anything else in any', () => {
    const accepted = { 'accept-encoding': 'gzip, deflate, br;q=0.5, zstd, *' };
    expect(sent(accepted)['accept-encoding']).toBe('gzip, deflate, br;q=0.5, zstd, *');
    expect(sent(accepted, local, true)['accept-encoding']).toBe('gzip, deflate, br;q=0.5');
    expect(sent({ 'accept-encoding': 'zstd' }, local, true)['accept-encoding']).toBe('identity');
    expect(sent({}, local, true)).not.toHaveProperty('accept-encoding');
  });

  it('never hold those of HTTP/2 that are no headers', () => {
    const names = Object.keys(sent({ ':method': 'GET', ':path': '/', ':authority': 'a' }));
    expect(names.filter((name) => name.startsWith(':'))).toEqual([]);
  });
});
