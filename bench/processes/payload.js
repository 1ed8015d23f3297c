import { randomFrom } from '../core/random.js';

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

/**
 * The same as JSON, of about so many bytes, for where it counts how well they compress: numbers that
 * differ, a few names. Each event is the same for every contender.
 * @param {number} before how many there were
 * @param {number} count
 * @param {number} bytes of each
 */
export function jsonPayloads(before, count, bytes) {
  const endings = endingsOf(bytes);
  return Array.from({ length: count }, (_, index) => {
    const number = before + index + 1;
    return JSON_START + String(number).padStart(DIGITS, '0') + endings[number % endings.length];
  });
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

const JSON_START = `{"number":"${MARKER}`;
const NAMES = 'Alder Birch Cypress Elm Hazel Juniper Larch Magnolia Oak Rowan'.split(' ');
/** Together more than what zlib looks back to, which is 32 KiB. */
const ENDINGS = 512;

/** @type {Map<number, string[]>} by the bytes of an event */
const endings = new Map();

/** @param {number} bytes */
function endingsOf(bytes) {
  let known = endings.get(bytes);
  if (known === undefined) {
    const random = randomFrom(bytes);
    const length = bytes - JSON_START.length - DIGITS;
    known = Array.from({ length: ENDINGS }, (_, index) => endingOf(index, length, random));
    endings.set(bytes, known);
  }
  return known;
}

/**
 * @param {number} index
 * @param {number} length
 * @param {() => number} random
 */
function endingOf(index, length, random) {
  const at = Date.UTC(2026, 0, 5) + index * 1000 + Math.floor(random() * 1000);
  let text = `","at":${at},"quotes":[${quoteOf(random)}`;
  for (let next = quoteOf(random); text.length + next.length / 2 < length; next = quoteOf(random)) {
    text += `,${next}`;
  }
  return `${text}]}`;
}

/** @param {() => number} random */
function quoteOf(random) {
  return JSON.stringify({
    name: NAMES[Math.floor(random() * NAMES.length)],
    price: Math.round(random() * 1e5) / 100,
    volume: Math.floor(random() * 1e4),
  });
}
