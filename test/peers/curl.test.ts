import { describe, expect, it, type TestContext, vi } from 'vitest';
import { encodeEvent, encodeRetry } from '../../plugins/events/encode.ts';
import { POSITION } from '../../plugins/events/message.ts';
import { NewsServer } from '../support/peers/news-server.ts';
import { curl, run } from '../support/peers/programs.ts';

/** curl at work on a server's stream, with everything it has printed so far. */
async function startCurl(context: TestContext, ...options: readonly string[]) {
  const server = await NewsServer.start(context, { compress: true });
  const printed = { text: '' };
  const program = run(curl ?? '', ['-s', ...options, server.url], (text) => {
    printed.text += text;
  });
  context.onTestFinished(() => program.kill());
  return { server, printed, ended: program.ended };
}

describe.skipIf(!curl)('curl', () => {
  for (const option of ['--http1.1', '--http1.0', '--compressed']) {
    it(`-Ni ${option} prints the stream as it is, and succeeds at its end`, async (context) => {
      const { server, printed, ended } = await startCurl(context, '-Ni', option);
      const body = () => printed.text.replace(/^[\s\S]*?\r\n\r\n/, '');
      await vi.waitFor(() => expect(body()).toContain('\n\n'), { timeout: 20_000 });
      const id = await server.channel.publish({ event: 'tick', data: 'a\r\nb' });
      const start = id.replace(/-1$/, '-0');
      const wire = [
        encodeRetry(100),
        encodeEvent({ id: start, event: POSITION, data: '{"recovered":true}' }),
        encodeEvent({ id, event: 'tick', data: 'a\nb' }),
      ].join('');
      await vi.waitFor(() => expect(body()).toBe(wire), { timeout: 20_000 });
      expect(/^content-encoding: gzip\r$/m.test(printed.text)).toBe(option === '--compressed');

      await server.app.close();
      expect(await ended).toBe(0);
    });
  }

  it('-I is answered with the head of the stream, and ends', async (context) => {
    const { server, printed, ended } = await startCurl(context, '-I');

    expect(await ended).toBe(0);
    expect(printed.text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(printed.text).toMatch(/^content-type: text\/event-stream\r$/m);
    expect(printed.text).toMatch(/^cache-control: no-cache, no-transform\r$/m);
    expect(printed.text).toMatch(/^x-accel-buffering: no\r$/m);
    expect(server.channel.size).toBe(0);
  });

  it('-I over HTTP/1.0 ends too', async (context) => {
    const { printed, ended } = await startCurl(context, '-I', '--http1.0');

    expect(await ended).toBe(0);
    expect(printed.text).toMatch(/^content-type: text\/event-stream\r$/m);
  });

  it('leaves nothing behind on the server when it is killed', async (context) => {
    const server = await NewsServer.start(context);
    const program = run(curl ?? '', ['-sN', server.url], () => {});
    await vi.waitFor(() => expect(server.channel.size).toBe(1), { timeout: 20_000 });
    program.kill();
    await vi.waitFor(() => expect(server.channel.size).toBe(0), { timeout: 20_000 });
  });
});
