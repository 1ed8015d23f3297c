const LONGEST = 200;

/** Text of a client as it may stand in a log or an answer: visible ASCII, quoted, cut at 200. */
export function printable(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  // JSON escapes the C0 controls; DEL, C1, bidi marks and all else beyond ASCII are left to us.
  return JSON.stringify(cut).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
