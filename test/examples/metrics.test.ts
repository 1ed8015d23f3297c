import { describe, expect, it } from 'vitest';
import { listen } from '../support/docs/listen.ts';
import { startExample } from '../support/example-server.ts';
import { freePort } from '../support/free-port.ts';
import { sendJson } from '../support/requests.ts';

const soon = { timeout: 20_000 };

describe('the example metrics', () => {
  it('shows Prometheus what the streams do', async () => {
    const port = await freePort();
    await startExample('metrics', { port });
    const url = `http://localhost:${port}`;
    const scrape = async () => (await fetch(`${url}/metrics`)).text();
    const idle = await scrape();
    expect(idle).toContain('# TYPE sse_streams gauge\nsse_streams 0\n');
    expect(idle).toContain('# TYPE sse_publishes_total counter\nsse_publishes_total 0\n');

    const readers = [listen(`${url}/news`), listen(`${url}/news`)];
    const connected = () => readers.every(({ length }) => length === 1);
    await expect.poll(connected, soon).toBe(true);
    for (let n = 1; n <= 3; n++) await sendJson(`${url}/news`, 'POST', { n });
    await expect.poll(() => readers.map(({ length }) => length), soon).toEqual([4, 4]);

    const busy = await scrape();
    const values = Object.fromEntries(
      [...busy.matchAll(/^(sse_\w+) (\d+)$/gm)].map(([, name, value]) => [name, Number(value)]),
    );
    expect(values).toMatchObject({
      sse_streams: 2,
      sse_channels: 1,
      sse_publishes_total: 3,
      sse_deliveries_total: 6,
      sse_lost_total: 0,
      sse_refused_total: 0,
      sse_stalled_total: 0,
    });
    expect(values.sse_bytes_total).toBeGreaterThan(100);
  });
});
