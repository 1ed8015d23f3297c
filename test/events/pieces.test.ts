import fc from 'fast-check';
import { expect, it } from 'vitest';
import { piecesOf } from '../../plugins/events/pieces.ts';

const PIECE = 16 * 1024;

it('text of any length comes in pieces that are small, whole in their characters and all of it', () => {
  const character = fc.constantFrom('a', 'é', '€', '😀');
  const property = fc.property(
    fc.array(character, { minLength: 1, maxLength: 7 }),
    fc.integer({ min: 0, max: 5 * PIECE }),
    (characters, length) => {
      const text = characters.join('').repeat(Math.ceil(length / characters.length));
      const bytes = Buffer.from(text);
      const pieces = piecesOf(bytes);
      expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(PIECE);
      expect(pieces.length).toBeLessThanOrEqual(Math.floor(bytes.length / (PIECE - 3)) + 1);
      // What is cut within a character reads as another one.
      expect(pieces.map((piece) => piece.toString()).join('') === text).toBe(true);
    },
  );
  fc.assert(property, { numRuns: 50 });
});

it('bytes that are no text come in pieces too', () => {
  const bytes = Buffer.alloc(3 * PIECE + 1, 0b1011_1111);
  expect(piecesOf(bytes).map((piece) => piece.length)).toEqual([PIECE, PIECE, PIECE, 1]);
  expect(Buffer.concat(piecesOf(bytes)).equals(bytes)).toBe(true);
});

it('the pieces are the same ones for all readers of the same bytes', () => {
  const bytes = Buffer.alloc(2 * PIECE);
  expect(piecesOf(bytes)).toBe(piecesOf(bytes));
});
