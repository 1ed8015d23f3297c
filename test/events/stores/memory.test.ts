import { describe, expect, it } from 'vitest';
import { type MemoryStoreOptions, memoryStore } from '../../../plugins/events/stores/memory.ts';

const CLOSED = { code: 'DEV_SERVE_ERR_STORE_CLOSED' };

async function open(options: MemoryStoreOptions) {
  const store = memoryStore(options);
  const { epoch } = await store.follow(() => undefined);
  return {
    store,
    append: (channel: string, data: string) => store.append(channel, { event: 'x', data }),
    async read(channel: string, seq = 0) {
      const { entries, gap } = await store.read(channel, { epoch, seq }, 10_000);
      return { seqs: entries.map((entry) => entry.seq), gap };
    },
  };
}

describe('the memory store', () => {
  it('keeps a thousand entries of a channel unless told otherwise', async () => {
    const { append, read } = await open({});
    for (let n = 1; n <= 1005; n += 1) await append('a', 'x');
    const { seqs, gap } = await read('a');
    expect([seqs.length, seqs[0], gap]).toEqual([1000, 6, true]);
    expect((await read('a', 5)).gap).toBe(false);
  });

  it('keeps so many bytes of type and data per channel', async () => {
    const { append, read } = await open({ maxBytes: 100 });
    for (let n = 1; n <= 20; n += 1) await append('a', '123456789');
    expect((await read('a')).seqs).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    await append('b', 'x');
    await append('a', 'é'.repeat(45));
    expect(await read('a')).toEqual({ seqs: [22], gap: true });
    expect(await read('b')).toEqual({ seqs: [21], gap: false });
  });

  it('keeps the newest entry however large it is', async () => {
    const { append, read } = await open({ maxBytes: 1 });
    await append('a', 'small');
    await append('a', 'x'.repeat(100_000));
    expect(await read('a')).toEqual({ seqs: [2], gap: true });
    expect(await read('a', 1)).toEqual({ seqs: [2], gap: false });
  });

  it('forgets entries by age, and says that there was something', async () => {
    const { append, read } = await open({ maxAge: 60 });
    await append('a', '1');
    await append('a', '2');
    await expect.poll(() => read('a')).toEqual({ seqs: [], gap: true });
    expect(await read('a', 1)).toEqual({ seqs: [], gap: true });
    expect(await read('a', 2)).toEqual({ seqs: [], gap: false });
    await append('a', '3');
    expect(await read('a', 2)).toEqual({ seqs: [3], gap: false });
    expect(await read('a', 1)).toEqual({ seqs: [3], gap: true });
  });

  it('forgets only what is too old', async () => {
    const { append, read } = await open({ maxAge: 300 });
    await append('a', 'old');
    let seq = 0;
    // Appends until the first has gone: those of the last moments have to be there still.
    await expect
      .poll(async () => {
        ({ seq } = await append('a', 'new'));
        return (await read('a')).seqs[0];
      })
      .toBeGreaterThan(1);
    const { seqs } = await read('a');
    expect(seqs.at(-1)).toBe(seq);
    expect(seqs).toEqual(Array.from(seqs, (_, index) => (seqs[0] ?? 0) + index));
  });

  it('is honest about channels it has forgotten, as far as one number can be', async () => {
    const { append, read } = await open({ maxAge: 40 });
    await append('gone', 'x');
    await append('also gone', 'x');
    const none = { seqs: [], gap: true };
    await expect.poll(() => read('also gone', 0)).toEqual(none);
    // The sweep comes late by an eighth: then nothing is known of any channel up to number 2.
    await expect.poll(() => read('never there', 1)).toEqual(none);
    expect(await read('gone', 2)).toEqual({ seqs: [], gap: false });
    await append('gone', 'again');
    expect(await read('gone', 1)).toEqual({ seqs: [3], gap: true });
    expect(await read('gone', 2)).toEqual({ seqs: [3], gap: false });
  });

  it('answers nothing after it was closed', async () => {
    const { store } = await open({});
    await store.close();
    await expect(store.read('a', { epoch: 'a', seq: 0 }, 1)).rejects.toMatchObject(CLOSED);
    await expect(store.follow(() => undefined)).rejects.toMatchObject(CLOSED);
    await expect(store.append('a', { event: 'x', data: '' })).rejects.toMatchObject(CLOSED);
  });

  it.each([
    ['limit', 0],
    ['limit', 1.5],
    ['maxBytes', 0],
    ['maxBytes', Number.NaN],
    ['maxAge', 0],
    ['maxAge', Number.NEGATIVE_INFINITY],
  ])('refuses the option %s: %d', (name, value) => {
    expect(() => memoryStore({ [name]: value })).toThrow(`Option "${name}"`);
  });
});
