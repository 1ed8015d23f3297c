/**
 * What a terminal obeys or a reader does not see: controls but the line feed, C1 and DEL included,
 * marks of direction, zero widths, what is left of a character.
 */
export const OBEYED = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\u2028\u2029]/u;
