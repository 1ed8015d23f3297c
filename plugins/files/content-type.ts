import { extname } from 'node:path';
import mime from 'mime';

const SCRIPT = /^\.[cm]?js$/i;
// MPEG streams have the same ending, but folders of sources do not hold them. Not JavaScript: types
// are a syntax error there, while a browser that is told "text" says what it has been given.
const SOURCE = /^\.[cm]?tsx?$/i;
const TEXT = /^text\/|^application\/json$/;

/** The type of a file by the ending of its name. The charset of a page is its own business. */
export function contentTypeOf(name: string): string {
  const type = typeOf(extname(name));
  return TEXT.test(type) && type !== 'text/html' ? `${type}; charset=utf-8` : type;
}

/** @param ending with its dot; '' for a name that has none, be it "html" or ".html" */
function typeOf(ending: string): string {
  // RFC 9239: "text/javascript" is the type of JavaScript, all others are obsolete.
  if (SCRIPT.test(ending)) return 'text/javascript';
  if (SOURCE.test(ending)) return 'text/plain';
  const type = ending === '' ? null : mime.getType(ending);
  return type ?? 'application/octet-stream';
}
