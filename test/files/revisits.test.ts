import { describe, expect, it } from 'vitest';
import { KeyedQueue } from '../../plugins/files/keyed-queue.ts';
import { ABSENT } from '../../plugins/files/look.ts';
import { Revisits } from '../../plugins/files/revisits.ts';

/** Each look finds nothing. */
function revisitsOfNothing() {
  const looked: string[] = [];
  const looks = new KeyedQueue(async (path) => {
    looked.push(path);
    revisits.note(path, ABSENT);
  }, 1);
  const revisits = new Revisits(looks);
  const beat = async () => {
    revisits.beat();
    await looks.idle();
    return looked.splice(0);
  };
  return { revisits, beat };
}

describe('what was not there', () => {
  it('is looked at once more, and then believed', async () => {
    const { revisits, beat } = revisitsOfNothing();
    revisits.note('a.html', ABSENT);
    expect(await beat()).toEqual(['a.html']);
    expect(await beat()).toEqual([]);
    revisits.note('a.html', ABSENT);
    expect(await beat()).toEqual(['a.html']);
  });
});

describe('a link', () => {
  it('that leads nowhere is looked at until it is none', async () => {
    const { revisits, beat } = revisitsOfNothing();
    revisits.note('link', { kind: 'absent', isLink: true });
    expect(await beat()).toEqual(['link']);
    // There was nothing any more.
    expect(await beat()).toEqual(['link']);
    expect(await beat()).toEqual([]);
  });
});
