import mime from 'mime';

const SCRIPT = /\.[cm]?js$/i;
const TEXT = /^text\/|^application\/json$/;

/** The type of a file by its name. The charset of a page is its own business. */
export function contentTypeOf(name: string): string {
  // RFC 9239: "text/javascript" is the type of JavaScript, all others are obsolete.
  const type = SCRIPT.test(name) ? 'text/javascript' : mime.getType(name);
  if (type === null) return 'application/octet-stream';
  return TEXT.test(type) && type !== 'text/html' ? `${type}; charset=utf-8` : type;
}
