import { describe, expect, it } from 'vitest';
import { Hub } from '../../plugins/events/hub.ts';
import { newStore, stores } from '../support/stores.ts';

/** Names that are one and the same to a store that joins them to keys, or looks them up carelessly. */
const NAMES = [
  ...['a', 'A', 'a,b', 'b', 'a:b', 'a:', ':a', 'a/b', 'a b', ' a', 'a ', '{a}', 'a}{', '*', '?'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '0', '00', '-1', '1e1', 'null'],
  ...['é', 'e\u0301', '\u{1f600}', '%61', 'a%2Cb', 'x'.repeat(255)],
];
const FROM_THE_BEGINNING = 0;

describe.each(stores)('E7: channels on a %s store', (kind) => {
  it('have a log each, however alike their names are', async () => {
    const store = await newStore(kind, 1000);
    const hub = new Hub({ store });
    const ids = await Promise.all(NAMES.map((name) => hub.channel(name).publish({ data: name })));
    const [epoch = ''] = ids[0]?.split('-') ?? [];
    for (const name of NAMES) {
      const { entries } = await store.read(name, { epoch, seq: FROM_THE_BEGINNING }, 10);
      expect(entries.map(({ channel, data }) => [channel, data])).toEqual([[name, name]]);
    }
    hub.close();
  });
});
