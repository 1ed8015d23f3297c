import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import devServe, { type DevServeOptions } from '../../plugins/dev-serve.ts';
import { ask } from '../support/backends/ask.ts';
import { Backend, soon } from '../support/backends/backend.ts';
import { handshake, rawRequest } from '../support/raw-request.ts';
import { temporarySite } from '../support/temporary-site.ts';

let backend: Backend;
let app: FastifyInstance;

beforeEach(async () => {
  backend = await Backend.node('app');
  app = Fastify({ forceCloseConnections: true, bodyLimit: 10 });
  onTestFinished(() => app.close());
});

const backendLog = async () => (await (await fetch(`${backend.url}/log`)).json()).log;

const openUpgrades = async () => (await (await fetch(`${backend.url}/log`)).json()).upgrades;

async function listen(options: Pick<DevServeOptions, 'streamMethod'> = {}): Promise<URL> {
  const root = await temporarySite({});
  await app.register(devServe, { root, proxy: backend.url, ...options });
  return new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
}

describe.each(['onRequest', 'preParsing', 'preValidation', 'preHandler'] as const)(
  'an app that asks for a login in %s',
  (hook) => {
    const login = async ({ headers }: FastifyRequest) => {
      if (headers.authorization === undefined) {
        throw Object.assign(new Error('login'), { statusCode: 401 });
      }
    };
    beforeEach(() => {
      if (hook === 'onRequest') app.addHook('onRequest', login);
      else if (hook === 'preParsing') app.addHook('preParsing', login);
      else if (hook === 'preValidation') app.addHook('preValidation', login);
      else app.addHook('preHandler', login);
    });

    it('has it asked for what is passed on, whatever the method and the body', async () => {
      const url = await listen();
      const body = [Buffer.from('x'.repeat(100))];
      for (const type of ['application/json', 'text/plain', 'this is no media type', '']) {
        const headers = { 'content-type': type, 'content-length': '100' };
        for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS', 'QUERY']) {
          const request = { method, headers, body };
          expect((await ask(`${url}upload`, request)).status, `${method} ${type}`).toBe(401);
          const authorized = { ...request, headers: { ...headers, authorization: 'Basic eA==' } };
          const { text } = await ask(`${url}upload`, authorized);
          expect(JSON.parse(text)).toMatchObject({ method, length: 100, headers });
        }
      }
      expect((await ask(`${url}upload`, { method: 'QUERY' })).status).toBe(401);
    });

    it.each(['both', 'sse'] as const)('has it asked for WebSockets (%s)', async (streamMethod) => {
      const { host, port } = await listen({ streamMethod });
      const lines = handshake('/never-socket', `Host: ${host}`);
      expect((await rawRequest(Number(port), lines)).status).toBe(401);
      await expect.poll(backendLog, soon).toEqual([]);
    });
  },
);

describe.each(['onRequest', 'preHandler'] as const)('a client that leaves in %s', (hook) => {
  const deciding = new EventEmitter();
  const decide = async ({ raw, url }: FastifyRequest) => {
    if (!url.startsWith('/never')) return;
    const left = once(deciding, 'left');
    deciding.emit('begun', raw.socket);
    await left;
  };
  beforeEach(() => {
    if (hook === 'onRequest') app.addHook('onRequest', decide);
    else app.addHook('preHandler', decide);
  });

  /** Sends a head and is gone before it is decided on; resolves once the next has been passed on. */
  async function leave(lines: (host: string) => readonly string[], isNoticed: boolean) {
    const url = await listen();
    const socket = connect(Number(url.port), '127.0.0.1');
    socket.write(`${lines(url.host).join('\r\n')}\r\n\r\n`);
    const [accepted] = await once(deciding, 'begun');
    const left = once(isNoticed ? accepted : socket, 'close');
    socket.destroy();
    await left;
    deciding.emit('left');
    await ask(`${url}echo`);
  }

  it('has nothing asked for it', async () => {
    await leave((host) => ['GET /never HTTP/1.1', `Host: ${host}`], true);
    expect(await backendLog()).toEqual([]);
  });

  it('leaves no upgrade open at the upstream, which is all that can be told of it', async () => {
    await leave((host) => handshake('/never-socket', `Host: ${host}`), false);
    await expect.poll(openUpgrades, soon).toBe(0);
  });
});

it('a client that leaves has what is asked for it behind another answer broken off too', async () => {
  const { host, port } = await listen();
  const socket = connect(Number(port), '127.0.0.1');
  const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  socket.write(request('/events-stream?silent') + request('/never'));
  await expect.poll(backendLog, soon).toEqual(['never asked']);
  socket.destroy();
  await expect.poll(backendLog, soon).toEqual(['never asked', 'never closed']);
});
