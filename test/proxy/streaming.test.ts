import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../support/backends/ask.ts';
import { Backend, soon } from '../support/backends/backend.ts';
import { LiveSite } from '../support/live-site.ts';

let backend: Backend;
let site: LiveSite;

beforeEach(async () => {
  backend = await Backend.node('app');
  site = await LiveSite.start({}, { proxy: backend.url });
});

const backendLog = async () => (await fetch(`${backend.url}/log`)).json();

describe('a response of an upstream', () => {
  it('passes whole and untouched, 50 MB of it, with its length and its validator', async () => {
    const size = 50 * 1024 * 1024;
    const response = await fetch(`${site.url}large?size=${size}`);
    expect(response.headers.get('content-length')).toBe(`${size}`);
    expect(response.headers.get('etag')).toBe('"large"');
    let length = 0;
    for await (const chunk of response.body ?? []) length += chunk.length;
    expect(length).toBe(size);
  });

  it('is not read faster than the client reads', async () => {
    const before = process.memoryUsage().rss;
    const controller = new AbortController();
    const response = await fetch(`${site.url}large?size=${2 ** 31}`, {
      signal: controller.signal,
    });
    const reader = response.body?.getReader();
    await reader?.read();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1024 * 1024);
    controller.abort();
    await expect
      .poll(async () => (await backendLog()).log, soon)
      .toContain('large ended with a rest');
  });

  it('that is an event stream arrives event by event, and ends at the upstream with the client', async () => {
    const controller = new AbortController();
    const response = await fetch(`${site.url}events-stream`, { signal: controller.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('data: 3')) text += (await reader?.read())?.value;
    expect((await backendLog()).streams).toBe(1);
    controller.abort();
    await expect.poll(async () => (await backendLog()).streams, soon).toBe(0);
  });

  it('begins with its head, before there is anything of its body', async () => {
    const controller = new AbortController();
    const response = await fetch(`${site.url}events-stream?silent`, { signal: controller.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    controller.abort();
  });

  it('that is not there yet is given up at the upstream when the client goes', async () => {
    const controller = new AbortController();
    const response = fetch(`${site.url}never`, { signal: controller.signal });
    await expect.poll(async () => (await backendLog()).log, soon).toEqual(['never asked']);
    controller.abort();
    await expect(response).rejects.toThrow();
    await expect
      .poll(async () => (await backendLog()).log, soon)
      .toEqual(['never asked', 'never closed']);
  });

  it('that breaks off breaks off here, a page of ours as well', async () => {
    for (const path of ['half', 'half-page']) {
      const response = await fetch(`${site.url}${path}`, { headers: { accept: 'text/html' } });
      expect(response.status).toBe(200);
      await expect(response.text()).rejects.toThrow();
    }
  });

  it('does not keep the server from closing', async () => {
    const response = await fetch(`${site.url}events-stream`);
    const never = fetch(`${site.url}never`).catch(() => 'cut');
    await expect.poll(async () => (await backendLog()).log, soon).toEqual(['never asked']);
    const startedAt = performance.now();
    await site.stop();
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    await expect(response.text()).rejects.toThrow();
    expect(await never).toBe('cut');
    await expect.poll(async () => (await backendLog()).streams, soon).toBe(0);
  });
});

describe('a request body', () => {
  it('of any type passes as it is, whatever the method', async () => {
    const bodies = [
      ['POST', 'application/json', 'no { json'],
      ['PUT', 'application/x-www-form-urlencoded', 'a=%zz&b'],
      ['PATCH', 'this is no media type', 'text'],
      ['DELETE', 'multipart/form-data', '--x'],
      ['OPTIONS', 'text/plain; charset=utf-16', '\ufeffx'],
    ] as const;
    for (const [method, type, text] of bodies) {
      const body = Buffer.from(text);
      const headers = { 'content-type': type, 'content-length': `${body.length}` };
      const answer = await upload(method, headers, [body]);
      expect(answer).toMatchObject({ method, sha256: digest(body), headers });
    }
  });

  it('of no announced length passes in chunks, and none stays none, whatever the method', async () => {
    const body = Buffer.from('onetwo');
    for (const method of ['POST', 'DELETE', 'GET']) {
      const headers = { 'transfer-encoding': 'chunked' };
      const parts = [body.subarray(0, 3), body.subarray(3)];
      const answer = await upload(method, headers, parts);
      expect(answer).toMatchObject({ method, sha256: digest(body), headers });
    }
    for (const method of ['GET', 'DELETE', 'OPTIONS']) {
      const answer = await upload(method, {}, []);
      expect(answer).toMatchObject({ method, length: 0 });
      expect(answer.headers).not.toHaveProperty('transfer-encoding');
    }
  });

  it('of 50 MB streams through, also after "100 Continue"', async () => {
    const chunks = Array.from({ length: 50 }, () => Buffer.alloc(1024 * 1024, 'y'));
    const headers = { expect: '100-continue', 'content-length': `${50 * 1024 * 1024}` };
    const answer = await upload('POST', headers, chunks);
    expect(answer.length).toBe(50 * 1024 * 1024);
    expect(answer.headers).not.toHaveProperty('expect');
  });

  it('that breaks off breaks off at the upstream', async () => {
    const options = { method: 'POST', headers: { 'content-length': '1000' } };
    const request = httpRequest(`${site.url}upload`, options);
    request.on('error', () => {});
    request.write('half');
    await expect.poll(async () => (await backendLog()).log, soon).toEqual(['upload begun']);
    request.destroy();
    await expect.poll(async () => (await backendLog()).log, soon).toContain('upload aborted');
  });

  it('that the upstream does not want is answered with what it says', async () => {
    const body = Array.from({ length: 20 }, () => Buffer.alloc(1024 * 1024));
    // Without it Node's server closes the connection right after the answer, in the middle of the body.
    const headers = { connection: 'keep-alive' };
    const target = `${site.url}refuse-upload`;
    const { status, text } = await ask(target, { method: 'POST', headers, body });
    expect([status, text]).toEqual([413, 'too large']);
  });
});

interface Upload {
  readonly method: string;
  readonly length: number;
  readonly sha256: string;
  readonly headers: Record<string, string>;
}

async function upload(
  method: string,
  headers: Record<string, string>,
  body: Buffer[],
): Promise<Upload> {
  const { text } = await ask(`${site.url}upload`, { method, headers, body });
  return JSON.parse(text);
}

function digest(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
