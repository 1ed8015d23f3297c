import { describe, expect, it, onTestFinished } from 'vitest';
import { createDevServer, type DevServerOptions } from '../../server/create-dev-server.ts';
import { rawRequest } from '../support/raw-request.ts';
import { temporarySite } from '../support/temporary-site.ts';

async function serve(options: Omit<DevServerOptions, 'root'>) {
  const root = await temporarySite({ 'a.txt': 'a file' });
  const server = await createDevServer({ root, port: 0, ...options });
  onTestFinished(() => server.close());
  return server;
}

describe('H2: the name that a dev server is bound to', () => {
  it('is answered, and no other one', async () => {
    // To us a name as any other; every resolver makes 127.0.0.1 of it, without a network.
    const server = await serve({ host: '127.1' });
    const { port } = new URL(await server.listen());
    const get = (host: string) =>
      rawRequest(Number(port), ['GET /a.txt HTTP/1.1', 'Connection: close', `Host: ${host}`]);
    expect(await get(`127.1:${port}`)).toMatchObject({ status: 200, body: 'a file' });
    expect(await get('127.2')).toMatchObject({ status: 403 });
  });

  it.each<[string, DevServerOptions['allowedHosts'], Record<string, number>]>([
    [
      'Dev.Example',
      undefined,
      { 'dev.example:3000': 200, 'a.dev.example': 403, 'other.test': 403 },
    ],
    ['dev.example', ['other.test'], { 'DEV.example.': 200, 'other.test': 200, 'evil.test': 403 }],
    ['dev.example', true, { 'dev.example': 200, 'other.test': 200 }],
    ['127.0.0.1', undefined, { '127.0.0.1': 200, localhost: 200, 'dev.example': 403 }],
  ])('%j is allowed beside allowedHosts: %j', async (host, allowedHosts, answers) => {
    const { app } = await serve({ host, allowedHosts });
    for (const [asked, status] of Object.entries(answers)) {
      const { statusCode } = await app.inject({ url: '/a.txt', headers: { host: asked } });
      expect([asked, statusCode]).toEqual([asked, status]);
    }
  });
});
