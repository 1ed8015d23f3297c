const LONGEST = 200;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// Control, format (bidi, zero width), surrogates left alone, unassigned, line ends: all that a
// reader cannot see, or that changes what stands around it. A plain space may stay.
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]|\p{Default_Ignorable_Code_Point}|(?! )\p{Zs}/gu;

/** Text as it may stand in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Makes what cannot be seen in a text visible, such as `\u{202e}`, which turns the text after it. */
export function visible(text: string): string {
  return text.replace(
    INVISIBLE,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** A name of a file, or a text of a client, as HTML. */
export function nameAsHtml(name: string): string {
  return escapeHtml(visible(name));
}

/** The path of a request as HTML: decoded if it can be, and cut at 200 characters. */
export function pathAsHtml(path: string): string {
  const decoded = Array.from(decode(path));
  const cut = decoded.length > LONGEST ? [...decoded.slice(0, LONGEST), '…'] : decoded;
  return nameAsHtml(cut.join(''));
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
