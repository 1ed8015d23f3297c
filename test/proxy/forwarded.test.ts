import { describe, expect, it } from 'vitest';
import { Backend } from '../support/backends/backend.ts';
import { LiveSite } from '../support/live-site.ts';
import { handshake, rawRequest } from '../support/raw-request.ts';

const forwarded = (host: string) => [
  `X-Forwarded-Host: ${host}`,
  `X-Forwarded-Server: ${host}`,
  `X-Original-Host: ${host}`,
  `Forwarded: host="${host}";proto=https;for=127.0.0.1`,
  'X-Forwarded-Proto: https',
  'X-Forwarded-For: 127.0.0.1',
  'X-Original-URL: /never',
  'X-Rewrite-URL: /never',
  'X-HTTP-Method-Override: DELETE',
];

describe('X3: what a proxy in front of us would say', () => {
  it('changes no decision of ours', async () => {
    const backend = await Backend.node('app');
    const files = { 'index.html': '<html><head></head><body>ours</body></html>' };
    const site = await LiveSite.start(files, { proxy: { '/api': backend.url } });
    const own = `127.0.0.1:${site.port}`;
    const get = (path: string, host: string, ...headers: string[]) =>
      rawRequest(site.port, [
        `GET ${path} HTTP/1.1`,
        `Host: ${host}`,
        'Connection: close',
        ...headers,
      ]);
    const page = await get('/', own, ...forwarded('evil.example'));
    expect(page.status).toBe(200);
    expect(page.body).toContain('ours');
    expect(page.head + page.body).not.toContain('evil.example');
    for (const path of ['/', '/api/echo', '/events']) {
      expect((await get(path, 'evil.example', ...forwarded(own))).status).toBe(403);
    }
    // The origin has to be that of the Host, whatever the host is said to have been.
    const origin = ['Accept: text/event-stream', 'Origin: http://evil.example'];
    expect((await get('/events', own, ...origin, ...forwarded('evil.example'))).status).toBe(403);
    const lines = [...handshake('/events/ws', `Host: ${own}`, 'Origin: http://evil.example')];
    const upgrade = await rawRequest(site.port, [...lines, ...forwarded('evil.example')]);
    expect(upgrade.status).toBe(403);
  });
});
