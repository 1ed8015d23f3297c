/** "url(" string ")" or the unquoted form, with escapes. */
const URL_TOKEN =
  /\burl\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|((?:[^\s"'()\\]|\\.)*))\s*\)/gis;

/**
 * Puts other URLs into the text of CSS declarations.
 *
 * @param replace returns the new URL, or undefined to leave this one
 */
export function replaceCssUrls(css: string, replace: (url: string) => string | undefined): string {
  return css.replace(URL_TOKEN, (token, double, single, bare) => {
    const url = replace(unescaped(double ?? single ?? bare));
    return url === undefined ? token : `url(${JSON.stringify(url)})`;
  });
}

/** "Consume an escaped code point": up to six hex digits and one white space, or any character. */
function unescaped(text: string): string {
  return text.replace(/\\(?:([\da-f]{1,6})\s?|(\n)|(.))/gi, (_, hex, newline, character) => {
    if (newline) return '';
    return hex ? String.fromCodePoint(Number.parseInt(hex, 16) % 0x110000) : character;
  });
}
