import { describe, expect, it } from 'vitest';
import { listen } from '../support/docs/listen.ts';
import { startExample } from '../support/example-server.ts';
import { freePort } from '../support/free-port.ts';
import { sendJson } from '../support/requests.ts';

const soon = { timeout: 20_000 };

describe('the example ticker', () => {
  it('ticks for all, speaks to one and evicts one', async () => {
    const port = await freePort();
    await startExample('ticker', { port });
    const url = `http://localhost:${port}`;
    const subscribers = async () => (await sendJson(`${url}/subscribers`, 'GET')).body;
    const ada = listen(`${url}/ticks?name=ada`);
    await expect.poll(subscribers, soon).toEqual(['ada']);
    const bob = listen(`${url}/ticks?name=bob`);
    await expect.poll(subscribers, soon).toEqual(['ada', 'bob']);
    const typesOf = (events: typeof ada) => events.map(({ event }) => event);
    await expect.poll(() => typesOf(ada), soon).toContain('tick');
    await expect.poll(() => typesOf(bob), soon).toContain('tick');

    const note = await sendJson(`${url}/subscribers/ada/notes`, 'POST', { text: 'only you' });
    expect(note.body).toEqual({ reached: 1 });
    await expect.poll(() => typesOf(ada), soon).toContain('note');
    expect(ada.find(({ event }) => event === 'note')?.data).toBe('{"text":"only you"}');
    expect(typesOf(bob)).not.toContain('note');

    const evicted = await sendJson(`${url}/subscribers/bob`, 'DELETE');
    expect(evicted.body).toEqual({ evicted: 1 });
    await expect.poll(() => bob.at(-1), soon).toMatchObject({ event: 'dev-serve:close' });
    await expect.poll(subscribers, soon).toEqual(['ada']);
    expect((await sendJson(`${url}/subscribers/bob`, 'DELETE')).body).toEqual({ evicted: 0 });
    expect((await sendJson(`${url}/ticks`, 'GET')).status).toBe(400);
  });
});
