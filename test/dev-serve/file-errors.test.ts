import { symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import devServe from '../../plugins/dev-serve.ts';
import { openFile } from '../../plugins/files/open-file.ts';
import { createDevServer } from '../../server/create-dev-server.ts';
import { temporarySite } from '../support/temporary-site.ts';

const FILES = { 'a.css': 'a{}', 'index.html': '<p>home' };
const PAGE = { accept: 'text/html', 'sec-fetch-dest': 'document' };
const OF_A_FILE = ['etag', 'last-modified', 'accept-ranges', 'content-range', 'cache-control'];

/** An app with an error handler of its own, which tells all that it gets. */
function newApp(): FastifyInstance {
  const app = Fastify();
  onTestFinished(() => app.close());
  app.setErrorHandler<Error & { code?: string; statusCode?: number }>((error, _request, reply) =>
    reply.code(error.statusCode ?? 500).send({ code: error.code, message: error.message }),
  );
  return app;
}

/** Whose reading fails: the system knows no byte at the beginning of its own memory. */
async function siteWithUnreadable(): Promise<string> {
  const root = await temporarySite(FILES);
  await symlink('/proc/self/mem', join(root, 'broken.html'));
  return root;
}

describe('an error of a hook of the app', () => {
  it.each([
    [{ code: 'ECONNREFUSED', syscall: 'connect', statusCode: 503 }, 503],
    [{ code: 'EMFILE', syscall: 'open' }, 500],
    [{ code: 'ENOENT', syscall: 'open', path: '/x', statusCode: 404 }, 404],
  ])('reaches its error handler from a file as from a route: %j', async (fields, status) => {
    const app = newApp();
    app.addHook('preHandler', async () => {
      throw Object.assign(new Error('the words of the app'), fields);
    });
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'private');
    });
    await app.register(devServe, { root: await temporarySite(FILES) });
    app.get('/api', async () => 1);
    for (const url of ['/a.css', '/api']) {
      const { statusCode, headers, body } = await app.inject(url);
      expect([url, statusCode, JSON.parse(body)]).toEqual([
        ...[url, status],
        { code: fields.code, message: 'the words of the app' },
      ]);
      // What the app has set stays.
      expect([headers['cache-control'], headers['retry-after']]).toEqual(['private', undefined]);
    }
  });

  it('behind the file takes none of its headers along', async () => {
    const app = newApp();
    app.addHook('onSend', async (_request, reply) => {
      if (reply.statusCode < 400) throw new Error('no');
    });
    await app.register(devServe, { root: await temporarySite(FILES) });
    const { statusCode, headers } = await app.inject({
      url: '/a.css',
      headers: { range: 'bytes=0-1' },
    });
    expect([statusCode, ...OF_A_FILE.filter((name) => name in headers)]).toEqual([500]);
  });
});

describe('a file that the disk fails to read', () => {
  it('is an error with a code, and no path in its text, for the app', async () => {
    const root = await siteWithUnreadable();
    const app = newApp();
    const causes: unknown[] = [];
    app.addHook('onError', async (_request, _reply, error) => void causes.push(error.cause));
    await app.register(devServe, { root, followSymlinks: true });
    const { statusCode, headers, body } = await app.inject('/broken.html');
    expect([statusCode, JSON.parse(body)]).toEqual([
      500,
      {
        code: 'DEV_SERVE_ERR_UNREADABLE_FILE',
        message: 'The file cannot be read (EIO): the log has the error of the disk',
      },
    ]);
    expect(OF_A_FILE.filter((name) => name in headers)).toEqual([]);
    expect(causes).toEqual([expect.objectContaining({ code: 'EIO' })]);
  });

  it.each([PAGE, { accept: '*/*' }])('is 500 from a dev server, asked with %j', async (headers) => {
    const root = await siteWithUnreadable();
    const { app, close } = await createDevServer({ root, followSymlinks: true, onNotice() {} });
    onTestFinished(close);
    const answer = await app.inject({ url: '/broken.html', headers });
    expect(answer.statusCode).toBe(500);
    expect(answer.body + JSON.stringify(answer.headers)).not.toMatch(/\/proc|\/tmp|mem\b/);
    expect(answer.headers.etag).toBeUndefined();
  });

  it('as nobody may is missing, looked for once and without a word', async () => {
    // Not even root may read what can only be written to.
    const path = '/proc/sys/vm/compact_memory';
    const root = await temporarySite(FILES);
    await symlink(path, join(root, 'closed.txt'));
    expect(await openFile(path)).toBe('forbidden');
    const lines: string[] = [];
    const app = Fastify({
      logger: { level: 'warn', stream: { write: (line) => lines.push(line) } },
    });
    onTestFinished(() => app.close());
    await app.register(devServe, { root, followSymlinks: true });
    expect([(await app.inject('/closed.txt')).statusCode, lines]).toEqual([404, []]);
  });

  it('as it was cut before its first byte was sent is 500, with nothing said of it', async () => {
    // One that is small has been read as a whole by then.
    const root = await temporarySite({ 'a.css': 'a{}'.repeat(30_000) });
    const app = newApp();
    app.addHook('onSend', async (_request, _reply, payload) => {
      await truncate(join(root, 'a.css'));
      return payload;
    });
    await app.register(devServe, { root });
    const { statusCode, headers, body } = await app.inject('/a.css');
    expect([statusCode, JSON.parse(body).code]).toEqual([500, 'DEV_SERVE_ERR_UNREADABLE_FILE']);
    expect(OF_A_FILE.filter((name) => name in headers)).toEqual([]);
  });
});
