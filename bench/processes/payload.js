/** Where an event is found in what a reader gets: in no head, no frame and no other text. */
export const MARKER = '|';
const DIGITS = 9;

/**
 * The data of the next events: a marker, the number of the event, and filling.
 * @param {number} before how many there were
 * @param {number} count
 * @param {number} bytes of each
 */
export function payloads(before, count, bytes) {
  const filling = fillingOf(bytes - MARKER.length - DIGITS);
  return Array.from(
    { length: count },
    (_, index) => MARKER + String(before + index + 1).padStart(DIGITS, '0') + filling,
  );
}

/** The number of each event in a text. */
export const NUMBERS = /\|(\d{9})/g;

/** @type {Map<number, string>} */
const fillings = new Map();

/** @param {number} length */
function fillingOf(length) {
  const known =
    fillings.get(length) ?? 'lorem ipsum dolor '.repeat(length / 18 + 1).slice(0, length);
  fillings.set(length, known);
  return known;
}
