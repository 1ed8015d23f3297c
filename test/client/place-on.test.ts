import { describe, expect, it } from 'vitest';
import { placeOn } from '../../client/events/place-on.ts';
import { Log } from '../../client/log.ts';

const tick = (seq: number) => ({ id: `a-${seq}`, event: 'tick', data: '' });
const log = new Log({ epoch: 'a', seq: 3 });
for (const seq of [4, 7]) log.append(tick(seq));

const position = (id: string, recovered: boolean) => ({
  id,
  event: 'dev-serve:position',
  data: JSON.stringify({ recovered }),
});

describe('the placing of a reader on a log', () => {
  it('gives one that resumes what it has missed', () => {
    const frames = [position('a-5', true), tick(7)];
    expect(placeOn(log, 'a-5', 'a-7')).toEqual({ recovered: true, frames });
  });

  it('begins with the present where nothing is asked for', () => {
    expect(placeOn(log, '', 'a-7')?.frames).toEqual([position('a-7', true)]);
  });

  it('leaves one that is ahead where it is', () => {
    expect(placeOn(log, 'a-9', 'a-7')?.frames).toEqual([position('a-9', true)]);
  });

  it('tells one from another log that it has lost something', () => {
    const frames = [position('a-7', false)];
    expect(placeOn(log, 'b-5', 'a-7')).toEqual({ recovered: false, frames });
  });

  it.each(['a-2', 'what the author named it'])('cannot place one at %s', (from) => {
    expect(placeOn(log, from, 'a-7')).toBeUndefined();
  });
});
