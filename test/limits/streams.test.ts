import { describe, expect, it, onTestFinished } from 'vitest';
import { LiveSite } from '../support/live-site.ts';

const FILES = {
  'index.html': '<p>home',
  'a.css': 'a{}',
  'img/b.svg': '<svg/>',
  '404.html': '<p>no',
};
const STREAM = { accept: 'text/event-stream' };

/** Opens streams until the server has as many as it takes. */
async function fullSite(maxStreams: number) {
  const site = await LiveSite.start(FILES, { maxStreams, onNotice() {} });
  const ends = Array.from({ length: maxStreams }, () => new AbortController());
  onTestFinished(() => {
    for (const end of ends) end.abort();
  });
  const open = async ({ signal }: AbortController) => {
    const response = await fetch(`${site.url}events`, { headers: STREAM, signal });
    const { value } = (await response.body?.getReader().read()) ?? {};
    return new TextDecoder().decode(value);
  };
  for (const text of await Promise.all(ends.map(open))) {
    expect(text).toContain('event: dev-serve:position');
  }
  return { site, ends };
}

const refused = async (url: string) => {
  const response = await fetch(`${url}events`, { headers: STREAM });
  return { status: response.status, text: await response.text() };
};

describe('N2: at the limit of streams', () => {
  it('files, pages and what is missing are answered as ever', async () => {
    const { site, ends } = await fullSite(3);
    // Not 503, by which a browser gives up for ever.
    const REFUSED = { status: 200, text: expect.stringMatching(/^retry: \d+\n$/) };
    expect(await refused(site.url)).toEqual(REFUSED);
    const ask = async (path: string, accept = '*/*') => {
      const response = await fetch(site.url + path, { headers: { accept } });
      return [response.status, await response.text()];
    };
    for (let time = 0; time < 20; time += 1) {
      expect(await ask('a.css')).toEqual([200, 'a{}']);
      expect(await ask('img/b.svg')).toEqual([200, '<svg/>']);
      expect(await ask('img/', 'text/html')).toEqual([200, expect.stringContaining('b.svg')]);
      expect(await ask('', 'text/html')).toEqual([200, expect.stringContaining('client.js')]);
      expect(await ask('none', 'text/html')).toEqual([404, expect.stringContaining('<p>no')]);
      expect(await ask('@dev-serve/client.js')).toEqual([200, expect.anything()]);
    }
    expect(await refused(site.url)).toEqual(REFUSED);
    ends[0]?.abort();
    const again = new AbortController();
    onTestFinished(() => again.abort());
    await expect
      .poll(
        async () => {
          const { signal } = again;
          const response = await fetch(`${site.url}events`, { headers: STREAM, signal });
          const { value } = (await response.body?.getReader().read()) ?? {};
          return new TextDecoder().decode(value);
        },
        { timeout: 20_000 },
      )
      .toContain('event: dev-serve:position');
  });
});
