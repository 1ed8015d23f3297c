/** Of V8: `Unexpected token '}', ..."beginning}" is not valid JSON`, ten characters before it. */
const EXCERPT = /^(.+?), (\.\.\.)?"(.*)"(?:\.\.\.)? is not valid JSON$/s;
const BEFORE = 10;

/**
 * Reads JSON.
 *
 * @throws SyntaxError that tells the line, and quotes nothing: a config file may hold secrets
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [, what, isCut, excerpt = ''] = EXCERPT.exec(error.message) ?? [];
    if (what === undefined) throw error;
    const place = isCut === undefined ? 0 : text.indexOf(excerpt) + BEFORE;
    const lines = text.slice(0, place).split('\n').length;
    throw new SyntaxError(isCut === undefined ? what : `${what} (line ${lines})`);
  }
}
