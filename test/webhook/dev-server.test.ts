import { describe, expect, it } from 'vitest';
import type { FileEvent } from '../../plugins/dev-serve.ts';
import { LiveSite } from '../support/live-site.ts';
import { Receiver } from './receiver.ts';

describe('the webhook of a dev server', () => {
  // On a machine so busy that the new name is read after the grace of the old one, it is no rename.
  it('is told the events that pages are told', { retry: 2 }, async () => {
    const receiver = await Receiver.start();
    const events: FileEvent[] = [];
    const site = await LiveSite.start(
      { 'a b.html': 'one' },
      { webhook: { url: receiver.url }, onChange: (event) => events.push(event) },
    );
    await site.write('a b.html', 'two');
    await expect.poll(() => receiver.deliveries, { timeout: 20_000 }).toHaveLength(1);
    await site.rename('a b.html', 'c.html');
    await expect.poll(() => receiver.deliveries, { timeout: 20_000 }).toHaveLength(2);
    expect(receiver.deliveries.map(({ body }) => body)).toEqual(events);
    expect(events).toMatchObject([
      { type: 'event', path: '/a%20b.html', operation: 'write' },
      { type: 'event', path: '/c.html', operation: 'rename', from: '/a%20b.html' },
    ]);
  });
});
