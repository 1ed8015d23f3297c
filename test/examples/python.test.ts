import { describe, expect, it, onTestFinished } from 'vitest';
import { LiveSite } from '../support/live-site.ts';
import { python } from '../support/peers/programs.ts';
import { ProcessGroup } from '../support/process-group.ts';

const soon = { timeout: 20_000 };

describe.skipIf(!python)('the example events.py', () => {
  it('prints each change, and nothing for positions', async () => {
    const site = await LiveSite.start({ 'a.txt': '' });
    const args = ['examples/clients/events.py', site.url.replace(/\/$/, '')];
    const client = new ProcessGroup(python ?? '', args, { cwd: '.' });
    onTestFinished(() => client.kill());
    await expect.poll(() => site.openStreams, soon).toBe(1);
    await site.write('a.txt', 'edited');
    await expect.poll(() => client.output, soon).toBe('write /a.txt\n');
    await site.rename('a.txt', 'b.txt');
    await expect.poll(() => client.output, soon).toBe('write /a.txt\nrename /b.txt\n');
    await site.stop();
    expect(await client.ended()).toBe(0);
  });
});
