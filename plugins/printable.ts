/** Characters of a text from outside that are shown. */
const LONGEST = 200;

// Control (C0, DEL, C1), format (bidi, zero width), surrogates left alone, unassigned, line ends:
// all that a reader cannot see, or that changes what stands around it. A plain space may stay.
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]|\p{Default_Ignorable_Code_Point}|(?! )\p{Zs}/gu;

/** Makes what cannot be seen in a text visible, such as `\u{202e}`, which turns the text after it. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u{${hex(character.codePointAt(0))}}`);
}

/**
 * A text of a client, of another server or from the disk, as it may stand in a line.
 *
 * @param longest characters that it is cut to, after what they became
 */
export function printable(text: string, longest = LONGEST): string {
  // A character is one or two units: what comes after these would be cut anyway.
  const characters = Array.from(visible(text.slice(0, 2 * (longest + 1))));
  if (characters.length <= longest) return characters.join('');
  return `${characters.slice(0, longest - 1).join('')}…`;
}

/** The path of a URL as it may stand in a line: its query may hold tokens. */
export function printablePath(url: string): string {
  return printable(url.replace(/[?#].*$/s, ''));
}

/** A text like {@link printable} in quotes, so that it is plain where it ends. */
export function quoted(text: string): string {
  return `"${printable(text.replace(/["\\]/g, '\\$&'))}"`;
}

/** A value as JSON that shows nothing but visible characters, and reads as the same value. */
export function visibleJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(INVISIBLE, (character) =>
    // It lays the lines out: within a string it is escaped already.
    character === '\n' ? character : character.split('').map(escapeUnit).join(''),
  );
}

function escapeUnit(unit: string): string {
  return `\\u${hex(unit.charCodeAt(0)).padStart(4, '0')}`;
}

function hex(code = 0): string {
  return code.toString(16);
}
