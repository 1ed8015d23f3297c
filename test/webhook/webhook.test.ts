import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { appWithWebhook, Receiver } from './receiver.ts';

const event = { type: 'event', timestamp: 1, path: '/a b.html', operation: 'write' };

describe('a change', () => {
  it('is told as JSON, by POST', async () => {
    const receiver = await Receiver.start();
    const { change } = await appWithWebhook({ url: receiver.url });
    change('/a b.html');
    await expect.poll(() => receiver.deliveries).toHaveLength(1);
    const [{ method, url, headers, body } = expect.fail()] = receiver.deliveries;
    expect([method, url, headers['content-type']]).toEqual(['POST', '/hook', 'application/json']);
    expect(body).toEqual(event);
  });

  it('is told with the method, the headers and the credentials that are given', async () => {
    const receiver = await Receiver.start();
    const { change } = await appWithWebhook({
      url: receiver.url.replace('//', '//user%40x:p%3Ass@').concat('?a=b#hash'),
      method: 'PUT',
      headers: { 'X-List': 'one, two: "three"', 'content-type': 'application/vnd.own+json' },
    });
    change('/');
    await expect.poll(() => receiver.deliveries).toHaveLength(1);
    const [{ method, url, headers } = expect.fail()] = receiver.deliveries;
    expect([method, url]).toEqual(['PUT', '/hook?a=b']);
    expect(headers).toMatchObject({
      'x-list': 'one, two: "three"',
      'content-type': 'application/vnd.own+json',
      authorization: `Basic ${Buffer.from('user@x:p:ss').toString('base64')}`,
    });
  });

  it('comes after the one before it was taken', async () => {
    let open = 0;
    let most = 0;
    const receiver = await Receiver.start((response) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open -= 1;
        response.end();
      }, 10);
    });
    const { change } = await appWithWebhook({ url: receiver.url });
    const paths = Array.from({ length: 10 }, (_, index) => `/${index}`);
    for (const path of paths) change(path);
    await expect.poll(() => receiver.paths).toEqual(paths);
    expect(most).toBe(1);
  });

  it('stands for those before it that nobody has taken, but for renames', async () => {
    let release = () => {};
    const receiver = await Receiver.start((response, count) => {
      if (count > 1) response.end();
      else release = () => void response.end();
    });
    const { change } = await appWithWebhook({ url: receiver.url });
    change('/first');
    await expect.poll(() => receiver.deliveries).toHaveLength(1);
    for (let index = 0; index < 10_000; index += 1) change(`/${index % 3}`, { timestamp: index });
    change('/1', { operation: 'rename', from: '/0' });
    change('/1', { timestamp: 10_001 });
    release();
    await expect.poll(() => receiver.deliveries).toHaveLength(5);
    expect(receiver.deliveries.slice(1).map(({ body }) => body)).toMatchObject([
      { path: '/2', timestamp: 9998 },
      { path: '/0', timestamp: 9999 },
      { path: '/1', from: '/0' },
      { path: '/1', timestamp: 10_001 },
    ]);
  });

  it('waits for the last of its file when it is debounced', async () => {
    const receiver = await Receiver.start();
    const { change } = await appWithWebhook({ url: receiver.url, debounce: 150 });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    for (let index = 1; index <= 5; index += 1) {
      change('/busy', { timestamp: index });
      await vi.advanceTimersByTimeAsync(149);
    }
    change('/other');
    expect(receiver.paths).toEqual([]);
    await vi.advanceTimersByTimeAsync(150);
    await expect.poll(() => receiver.paths).toEqual(['/busy', '/other']);
    expect(receiver.deliveries[0]?.body).toMatchObject({ timestamp: 5 });
  });
});

describe('a server that does not take a change', () => {
  it.each([408, 429, 500, 503])(
    'for now, with %s, is asked again when it says so',
    async (status) => {
      const receiver = await Receiver.start((response, count) => {
        response.writeHead(count < 3 ? status : 200, { 'retry-after': '0' }).end('a body');
      });
      const { change, warnings } = await appWithWebhook({ url: receiver.url });
      change('/a');
      change('/b');
      await expect.poll(() => receiver.paths).toEqual(['/a', '/a', '/a', '/b']);
      expect(warnings).toEqual([]);
    },
  );

  it('for good is not asked again, and told of in one line', async () => {
    const receiver = await Receiver.start((response, count) => {
      response.writeHead(count < 3 ? 404 : 200).end();
    });
    const { change, warnings } = await appWithWebhook({
      url: receiver.url.replace('//', '//user:secret@').concat('/token?key=secret'),
    });
    for (const path of ['/a', '/b', '/c', '/d']) change(path);
    await expect.poll(() => receiver.paths).toEqual(['/a', '/b', '/c', '/d']);
    await expect.poll(() => warnings).toHaveLength(2);
    const { origin } = new URL(receiver.url);
    expect(warnings).toEqual([
      `Webhook ${origin}: it answered 404; further failures are counted only`,
      `Webhook ${origin}: it works again; it was not told of 2 changes`,
    ]);
  });

  it('but sends elsewhere is not followed', async () => {
    const other = await Receiver.start();
    const receiver = await Receiver.start((response) => {
      response.writeHead(307, { location: other.url }).end();
    });
    const { change, warnings } = await appWithWebhook({ url: receiver.url });
    change('/a');
    await expect.poll(() => warnings).toHaveLength(1);
    expect(warnings[0]).toContain('it answered 307');
    expect(other.deliveries).toEqual([]);
  });

  it('but hangs is given up after the timeout', async () => {
    const receiver = await Receiver.start(() => {});
    const { change, warnings } = await appWithWebhook({
      url: receiver.url,
      timeout: 100,
      retries: 0,
    });
    change('/a');
    await expect.poll(() => warnings).toHaveLength(1);
    expect(warnings[0]).toContain('no answer within 100 ms');
  });

  it('because it is down gets it when it is back', async () => {
    const port = await freePort();
    const { change, warnings } = await appWithWebhook({ url: `http://127.0.0.1:${port}/hook` });
    change('/a');
    change('/b');
    const received: unknown[] = [];
    const server = createServer((request, response) => {
      request.on('data', (chunk) => received.push(JSON.parse(String(chunk))));
      request.on('end', () => response.end());
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    await expect
      .poll(() => received, { timeout: 20_000 })
      .toMatchObject([{ path: '/a' }, { path: '/b' }]);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(warnings).toEqual([]);
  });
});

describe('closing the app', () => {
  it('delivers what is left, due or not', async () => {
    const receiver = await Receiver.start();
    const { app, change } = await appWithWebhook({ url: receiver.url, debounce: 60_000 });
    for (const path of ['/a', '/b', '/c']) change(path);
    await app.close();
    expect(receiver.paths).toEqual(['/a', '/b', '/c']);
  });

  it('waits for a server that hangs no longer than 2 seconds', async () => {
    const receiver = await Receiver.start(() => {});
    const { app, change, warnings } = await appWithWebhook({ url: receiver.url });
    change('/a');
    change('/b');
    const started = performance.now();
    await app.close();
    expect(performance.now() - started).toBeLessThan(9000);
    expect(warnings).toEqual([
      `Webhook ${new URL(receiver.url).origin}: closed before it was told of 2 more changes`,
    ]);
  });

  // It waits for 2 s where something is: a busy machine may be as slow.
  it('is instant when nothing is left', { retry: 3 }, async () => {
    const receiver = await Receiver.start();
    const { app, change } = await appWithWebhook({ url: receiver.url });
    change('/a');
    await expect.poll(() => receiver.deliveries).toHaveLength(1);
    const started = performance.now();
    await app.close();
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('an option', () => {
  it.each([
    [{ url: 'localhost:3000' }, 'webhook.url'],
    [{ url: '' }, 'webhook.url'],
    [{ url: 'ftp://example.com/' }, 'webhook.url'],
    [{ url: 'javascript:alert(1)' }, 'webhook.url'],
    [{ method: 'GET' }, 'webhook.method'],
    [{ method: 'post' }, 'webhook.method'],
    [{ headers: { 'x-own': 'a\r\nb: c' } }, 'webhook.headers'],
    [{ headers: { 'content-length': '1' } }, 'webhook.headers'],
    [{ timeout: 0 }, 'webhook.timeout'],
    [{ timeout: 1.5 }, 'webhook.timeout'],
    [{ retries: -1 }, 'webhook.retries'],
    [{ debounce: -1 }, 'webhook.debounce'],
    [{ debounce: '100ms' }, 'webhook.debounce'],
    [{ retry: 3 }, 'retry'],
  ])('%j is refused at registration', async (wrong, option) => {
    const options = { url: 'http://127.0.0.1:9/', ...JSON.parse(JSON.stringify(wrong)) };
    const refusal = expect(appWithWebhook(options)).rejects;
    await refusal.toMatchObject({
      code: 'DEV_SERVE_ERR_INVALID_OPTION',
      message: expect.stringContaining(`"${option}"`),
    });
  });

  it('that is wrong is told of without the secrets in it', async () => {
    await expect(appWithWebhook({ url: 'http//user:secret@host' })).rejects.not.toThrow('secret');
  });
});
