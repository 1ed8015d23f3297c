import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDevServer } from '../../server/create-dev-server.ts';
import { rawRequest } from '../support/raw-request.ts';
import { temporarySite } from '../support/temporary-site.ts';

const OF_CONTENT = ['content-type', 'content-length', 'content-range', 'transfer-encoding'];
const FILES = { 'a.css': 'a{color:red}', 'data.json': '{"a":1}', 'a.bin': 'x', 'empty.txt': '' };

async function serve() {
  const root = await temporarySite(FILES);
  const server = await createDevServer({ root, port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  const port = Number(new URL(await server.listen()).port);
  const ask = async (method: string, path: string, ...headers: string[]) => {
    const lines = [`${method} ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close'];
    const { status, head, body } = await rawRequest(port, [...lines, ...headers]);
    const fields = head.split('\r\n').slice(1);
    const told = new Map(
      fields.map((line): [string, string] => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    return { status, body, told };
  };
  return { root, ask };
}

const without = (told: ReadonlyMap<string, string>, names: readonly string[]) =>
  Object.fromEntries([...told].filter(([name]) => !['date', ...names].includes(name)));

describe('what is said of a file', () => {
  it.each(['GET', 'HEAD'])(
    'by a 304 to %s is what the 200 says, without its content',
    async (method) => {
      const { ask } = await serve();
      for (const path of Object.keys(FILES)) {
        const full = await ask(method, `/${path}`);
        const known = await ask(method, `/${path}`, `If-None-Match: ${full.told.get('etag')}`);
        expect([path, full.status, known.status, known.body]).toEqual([path, 200, 304, '']);
        // RFC 9110, 8.6: no Content-Length but that of the 200 itself; of no content no type is told.
        expect(OF_CONTENT.filter((name) => known.told.has(name))).toEqual([]);
        expect(without(known.told, [])).toEqual(without(full.told, OF_CONTENT));
      }
    },
  );

  it('by HEAD is what GET says, whatever part is asked for', async () => {
    const { ask } = await serve();
    for (const path of Object.keys(FILES)) {
      const full = await ask('GET', `/${path}`);
      for (const range of ['bytes=0-0', 'bytes=999-', 'bytes=-1', 'x']) {
        const head = await ask('HEAD', `/${path}`, `Range: ${range}`, 'If-Range: "x"');
        expect([head.status, head.body]).toEqual([200, '']);
        expect(without(head.told, [])).toEqual(without(full.told, []));
        const plain = await ask('HEAD', `/${path}`, `Range: ${range}`);
        expect(without(plain.told, [])).toEqual(without(full.told, []));
      }
    }
  });

  it('is no date later than that of the answer', async () => {
    const { root, ask } = await serve();
    await utimes(join(root, 'a.css'), 4e9, 4e9);
    const { status, told } = await ask('GET', '/a.css', 'If-Modified-Since: 2040');
    expect([status, told.get('last-modified')]).toEqual([200, told.get('date')]);
    expect(Date.parse(told.get('date') ?? '')).toBeLessThanOrEqual(Date.now());
  });
});
