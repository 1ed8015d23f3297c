import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventHubOptions } from '../../plugins/events/event-hub.ts';
import { newHub, newStream } from '../support/event-hub.ts';

const HOUR = 3_600_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

/** A stream in virtual time: what comes out of it while time passes. */
async function open(options: EventHubOptions = {}) {
  const hub = newHub(options);
  const channel = hub.channel('news');
  const stream = newStream(hub, channel).setEncoding('utf8');
  let text = '';
  stream.on('data', (chunk: string) => {
    text += chunk;
  });
  const during = async (milliseconds: number) => {
    text = '';
    vi.advanceTimersByTime(milliseconds);
    // The beat, then what it has written.
    for (let turns = 0; turns < 4; turns++) await turn();
    return text;
  };
  await during(0);
  return { channel, during, stream };
}

describe('the heartbeat of an idle stream, in virtual time,', () => {
  it('is a comment every 15 seconds, and none before', async () => {
    const { during } = await open();
    await during(15_000);
    for (let beat = 0; beat < 3; beat++) {
      expect(await during(14_999)).toBe('');
      expect(await during(1)).toBe(':\n');
    }
  });

  it('comes as often as it is told', async () => {
    const { during } = await open({ heartbeatInterval: HOUR });
    await during(HOUR);
    expect(await during(HOUR - 1)).toBe('');
    expect(await during(1)).toBe(':\n');
  });

  it('is left out where an event was written since the last one', async () => {
    const { channel, during } = await open();
    await during(15_000);
    await channel.publish({ data: 'news' });
    expect(await during(15_000)).toContain('data: news\n');
    expect(await during(14_999)).toBe('');
    expect(await during(1)).toBe(':\n');
  });

  it('ends with the stream', async () => {
    const { during, stream } = await open();
    await during(15_000);
    stream.destroy();
    expect(await during(HOUR)).toBe('');
  });
});
