import { describe, expect, it } from 'vitest';
import { eventStream } from '../../plugins/http.ts';
import { newHub } from '../support/event-hub.ts';
import { serve, serverKinds } from '../support/http-servers.ts';

describe.each(serverKinds)('an event stream of $name', (kind) => {
  it('carries what a channel publishes, with headers of its own and those set before', async () => {
    const news = newHub({ retry: 250 }).channel('news');
    const origin = await serve(kind, (request, response) => {
      response.setHeader('x-own', 'kept');
      response.setHeader('content-type', 'text/plain');
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.statusCode = 404;
      eventStream(request, response, news);
    });
    const answer = kind.visit(`${origin}/news`);
    await expect.poll(() => news.size).toBe(1);
    const id = await news.publish({ event: 'tick', data: { n: 1 } });
    await expect.poll(() => answer.text).toContain(`event: tick\ndata: {"n":1}\nid: ${id}\n\n`);
    expect(answer.text).toMatch(/^retry: 250\nevent: dev-serve:position\ndata: .*"recovered":true/);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-own': 'kept',
      'set-cookie': ['a=1', 'b=2'],
    });
  });

  it('resumes by the header and by the query, whatever that looks like', async () => {
    const news = newHub().channel('news');
    const origin = await serve(kind, (request, response) => eventStream(request, response, news));
    const first = await news.publish({ data: 'one' });
    await news.publish({ data: 'two' });
    const byHeader = kind.visit(origin, { headers: { 'last-event-id': first } });
    const byQuery = kind.visit(`${origin}/?a=%ff&lastEventId=x&&=&lastEventId=${first}`);
    const byOtherName = kind.visit(`${origin}/?__proto__=1&evs_last_event_id=${first}`);
    for (const answer of [byHeader, byQuery, byOtherName]) {
      await expect.poll(() => answer.text).toContain('data: two\n');
      expect(answer.text).toContain('"recovered":true');
      expect(answer.text).not.toContain('data: one\n');
    }
    const lost = kind.visit(`${origin}/?lastEventId=${'%00'.repeat(2000)}`);
    await expect.poll(() => lost.text).toContain('"recovered":false');
  });

  it('carries several channels under one id, filtered, to whom they may concern', async () => {
    const hub = newHub();
    const channels = [hub.channel('a'), hub.channel('b')] as const;
    const origin = await serve(kind, (request, response) =>
      eventStream(request, response, channels, {
        filter: ({ data }) => data !== 'secret',
        state: request.headers['x-user'],
      }),
    );
    const answer = kind.visit(origin, { headers: { 'x-user': 'ann' } });
    await expect.poll(() => channels[0].streams.map(({ state }) => state)).toEqual(['ann']);
    await channels[0].publish({ data: 'from a' });
    await channels[1].publish({ data: 'secret' });
    await channels[1].publish({ data: 'from b' });
    expect(channels[1].send('to ann', ({ state }) => state === 'ann')).toBe(1);
    await expect.poll(() => answer.text).toContain('data: to ann\n');
    expect(answer.text).toMatch(/data: from a\n.*\n\ndata: from b\n/);
    expect(answer.text).not.toContain('secret');
  });
});
