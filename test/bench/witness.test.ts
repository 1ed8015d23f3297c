import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { payloads } from '../../bench/processes/payload.js';
import { Witness } from '../../bench/processes/witness.js';

const stream = (texts: readonly string[], firstId = 5) =>
  texts.map((text, index) => `7d\r\nid: k3-${firstId + index}\ndata: ${text}\n\n\r\n`).join('');

function faultsIn(text: string, cuts: readonly number[] = []): number {
  const witness = new Witness(true);
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    witness.take(text.slice(from, cut));
    from = cut;
  }
  witness.take(text.slice(from));
  witness.end();
  return witness.faults;
}

describe('a payload', () => {
  it('has the size that was asked for, and its number', () => {
    const [first, second] = payloads(41, 2, 100);
    expect(first).toMatch(/^\|000000042lorem/);
    expect(second).toMatch(/^\|000000043lorem/);
    expect([first?.length, second?.length]).toEqual([100, 100]);
    expect(first?.lastIndexOf('|')).toBe(0);
  });
});

describe('a witness', () => {
  const texts = payloads(0, 6, 40);

  it('finds nothing wrong with a stream, wherever it is cut', () => {
    const text = stream(texts);
    const cuts = fc.array(fc.nat(text.length), { maxLength: 8 });
    fc.assert(fc.property(cuts, (places) => faultsIn(text, places) === 0));
  });

  it('finds an event that is missing, one that comes twice, and one that is too early', () => {
    const [a = '', b = '', c = '', d = ''] = texts;
    expect(faultsIn(stream([a, b, d]))).toBe(1);
    expect(faultsIn(stream([a, b, b, c]))).toBe(1);
    expect(faultsIn(stream([a, c, b, d]))).toBe(3);
  });

  it('finds an id that is left out', () => {
    expect(faultsIn(stream(texts).replace(/k3-8/, 'k3-9'))).toBe(2);
  });

  it('reads frames without line ends too', () => {
    const witness = new Witness(false);
    witness.take(`\x28${texts[0]}\x28${texts[2]}`);
    witness.end();
    expect(witness.faults).toBe(1);
  });
});
