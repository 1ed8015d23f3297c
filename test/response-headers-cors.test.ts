import cors from '@fastify/cors';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import hostGuard from '../plugins/host-guard.ts';
import responseHeaders, { type ResponseHeadersOptions } from '../plugins/response-headers.ts';

const LOCAL = 'http://localhost:5173';
const GRANT = 'access-control-allow-origin';
const RESOURCE_POLICY = 'cross-origin-resource-policy';

let app: FastifyInstance;

beforeEach(() => {
  app = Fastify();
  app.get('/', (_request, reply) => reply.header(RESOURCE_POLICY, 'same-origin').send('text'));
});

afterEach(() => app.close());

const register = (rule: NonNullable<ResponseHeadersOptions['cors']>) =>
  app.register(responseHeaders, { cors: rule });

async function get(headers: Record<string, string>, url = '/') {
  return (await app.inject({ url, headers })).headers;
}

const preflight = (url: string, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'OPTIONS',
    url,
    headers: { origin: LOCAL, 'access-control-request-method': 'GET', ...headers },
  });

const ofCors = (headers: object) =>
  Object.keys(headers).filter((name) => name.startsWith('access-control'));

describe('C1: without the option', () => {
  it('no page of another origin may read anything', async () => {
    await register(false);
    expect(ofCors(await get({ origin: LOCAL }))).toEqual([]);
    const answer = await preflight('/');
    expect(answer.statusCode).toBe(404);
    expect(ofCors(answer.headers)).toEqual([]);
  });
});

describe('C1: cors, true', () => {
  beforeEach(() => register(true));

  it.each([
    'http://localhost',
    'http://localhost:1',
    'https://localhost:5173',
    'http://app.localhost:8080',
    'http://a.b.localhost',
    'http://127.0.0.1:3000',
    'http://[::1]:3000',
  ])('lets %s read', async (origin) => {
    const headers = await get({ origin });
    expect(headers[GRANT]).toBe(origin);
    expect(headers.vary).toBe('Origin');
    expect(headers[RESOURCE_POLICY]).toBe('cross-origin');
    expect(ofCors(headers)).toEqual([GRANT]);
  });

  it.each([
    'null',
    'http://localhost.evil.example',
    'http://evillocalhost',
    'http://evil.example/http://localhost',
    'xhttp://localhost',
    'http://127.0.0.1.evil.example',
    'http://127.0.0.2',
    'http://evil.example/.localhost',
    'http://evil.example?.localhost',
    'http://evil.example#localhost',
    'http://localhost:5173@evil.example',
    'http://evil.example:80.localhost',
    'http://.localhost',
    'http://localhost:123456',
    'http://localhost\thttp://evil.example',
    'HTTP://LOCALHOST',
    'file://localhost',
    'ftp://localhost',
    'https://evil.example',
    'localhost',
    '',
  ])('lets %j not read', async (origin) => {
    const headers = await get({ origin });
    expect(ofCors(headers)).toEqual([]);
    expect(headers.vary).toBe('Origin');
    expect(headers[RESOURCE_POLICY]).toBe('same-origin');
  });

  it('tells caches of the origin also where there is none', async () => {
    const headers = await get({});
    expect(headers.vary).toBe('Origin');
    expect(headers[GRANT]).toBeUndefined();
  });

  it.each([
    [`${LOCAL}/page`, 'cross-origin'],
    ['https://evil.example/localhost', 'same-origin'],
    ['http://localhost.evil.example/', 'same-origin'],
    ['not a url', 'same-origin'],
  ])('lets a page at %s embed: %s', async (referer, policy) => {
    expect((await get({ referer }))[RESOURCE_POLICY]).toBe(policy);
  });

  it('answers a preflight for a file with 204', async () => {
    const answer = await preflight('/site.css', { 'access-control-request-headers': 'range,x-a' });
    expect(answer.statusCode).toBe(204);
    expect(answer.body).toBe('');
    const { date: _date, connection: _connection, ...headers } = answer.headers;
    expect(headers).toEqual({
      'access-control-allow-origin': LOCAL,
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': 'range,x-a',
      vary: 'Origin, Access-Control-Request-Headers',
    });
  });

  it('never opens a private network, nor repeats headers that are none', async () => {
    const answer = await preflight('/', {
      'access-control-request-private-network': 'true',
      'access-control-request-headers': 'x a; b',
    });
    expect(ofCors(answer.headers)).toEqual([GRANT, 'access-control-allow-methods']);
  });

  it('leaves OPTIONS that is no preflight, or of a foreign page, to the app', async () => {
    expect((await preflight('/', { origin: 'https://evil.example' })).statusCode).toBe(404);
    expect((await app.inject({ method: 'OPTIONS', url: '/' })).statusCode).toBe(404);
  });

  it.each([
    [404, undefined, 'GET, HEAD'],
    [405, 'GET, PUT, DELETE', 'GET, HEAD, PUT, DELETE'],
    [200, 'POST', 'GET, HEAD, POST'],
    [501, 'bad value!@', 'GET, HEAD'],
  ])('after an app that answers %s and allows %s allows %s', async (status, allow, methods) => {
    app.options('/api', (_request, reply) => {
      if (allow) reply.header('allow', allow);
      return reply.code(status).send('from the app');
    });
    const answer = await preflight('/api');
    expect(answer.statusCode).toBe(204);
    expect(answer.headers['access-control-allow-methods']).toBe(methods);
  });

  it.each([400, 403, 500, 502])('leaves the %s of an app as it is', async (status) => {
    app.options('/api', (_request, reply) => reply.code(status).send('no'));
    const answer = await preflight('/api');
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['access-control-allow-methods']).toBeUndefined();
  });
});

describe('C1: cors, a list', () => {
  it('lets exactly these origins read', async () => {
    await register(['https://app.example.com', 'http://localhost:5173']);
    expect((await get({ origin: 'https://app.example.com' }))[GRANT]).toBe(
      'https://app.example.com',
    );
    expect((await get({ origin: 'http://localhost:5173' }))[GRANT]).toBe('http://localhost:5173');
    for (const origin of [
      'http://app.example.com',
      'https://app.example.com:8443',
      'http://localhost',
    ]) {
      expect(ofCors(await get({ origin }))).toEqual([]);
    }
  });

  it('with * lets any page read, without credentials', async () => {
    await register(['*']);
    for (const origin of ['null', 'https://anything.example']) {
      const headers = await get({ origin });
      expect(headers[GRANT]).toBe('*');
      expect(ofCors(headers)).toEqual([GRANT]);
      expect(headers[RESOURCE_POLICY]).toBe('cross-origin');
    }
  });

  it('that is empty lets nobody read', async () => {
    await register([]);
    expect(ofCors(await get({ origin: LOCAL }))).toEqual([]);
  });

  it.each([[['example.com']], [['https://example.com/path']], [['']], ['*'], [1]])(
    '%j is refused at registration',
    async (rule) => {
      const options = JSON.parse(JSON.stringify({ cors: rule }));
      const refusal = expect(Promise.resolve(app.register(responseHeaders, options))).rejects;
      await refusal.toMatchObject({ code: 'DEV_SERVE_ERR_INVALID_OPTION' });
    },
  );
});

describe('beside others', () => {
  it.each(['before', 'after'])('@fastify/cors registered %s it has the say', async (order) => {
    const own = Fastify();
    const policy = { origin: LOCAL, methods: ['PATCH'], credentials: true };
    if (order === 'before') await own.register(cors, policy);
    await own.register(responseHeaders, { cors: ['*'] });
    if (order === 'after') await own.register(cors, policy);
    own.get('/', () => 'a');
    const headers = { origin: LOCAL, 'access-control-request-method': 'PATCH' };
    const answer = await own.inject({ method: 'OPTIONS', url: '/', headers });
    expect(answer.headers).toMatchObject({
      'access-control-allow-methods': 'PATCH',
      'access-control-allow-credentials': 'true',
      [GRANT]: LOCAL,
    });
    await own.close();
  });

  it('a request for a host that is not ours is refused, preflight or not', async () => {
    const own = Fastify();
    await own.register(hostGuard);
    await own.register(responseHeaders, { cors: true });
    const answer = await own.inject({
      method: 'OPTIONS',
      url: '/',
      headers: { host: 'evil.example', origin: LOCAL, 'access-control-request-method': 'GET' },
    });
    expect(answer.statusCode).toBe(403);
    await own.close();
  });

  it('a header of the option `headers` stands', async () => {
    await app.register(responseHeaders, {
      cors: true,
      headers: {
        [RESOURCE_POLICY]: 'same-site',
        'Access-Control-Allow-Origin': 'https://one.example',
      },
    });
    const headers = await get({ origin: LOCAL });
    expect(headers).toMatchObject({
      [RESOURCE_POLICY]: 'same-site',
      [GRANT]: 'https://one.example',
    });
  });
});
