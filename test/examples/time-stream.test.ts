import { describe, expect, it } from 'vitest';
import { listen } from '../support/docs/listen.ts';
import { startExample } from '../support/example-server.ts';
import { freePort } from '../support/free-port.ts';

const soon = { timeout: 20_000 };

describe('the example time-stream', () => {
  it('makes up for what was missed, and goes on from there', async () => {
    const port = await freePort();
    await startExample('time-stream', { port });
    const url = `http://localhost:${port}/time`;
    const now = Math.floor(Date.now() / 1000);
    const received = listen(url, String(now - 10));
    await expect.poll(() => received.length, soon).toBeGreaterThan(12);
    const seconds = received.map(({ id }) => Number(id));
    expect(seconds).toEqual(seconds.map((_, index) => now - 9 + index));
    expect(received[0]).toEqual({
      id: String(now - 9),
      event: 'second',
      data: new Date((now - 9) * 1000).toISOString(),
    });
  });

  it('begins at most a minute ago, whatever it is asked for', async () => {
    const port = await freePort();
    await startExample('time-stream', { port });
    for (const id of ['yesterday', '-1', '0', '1e3', '99999999999', '9'.repeat(300)]) {
      const received = listen(`http://localhost:${port}/time`, id);
      await expect.poll(() => received.length, soon).toBeGreaterThan(0);
      const age = Date.now() / 1000 - Number(received[0]?.id);
      expect(age).toBeLessThan(65);
      expect(age).toBeGreaterThan(-2);
    }
  });
});
