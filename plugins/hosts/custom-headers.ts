import { InvalidOptionError } from '../errors.ts';

/** "token" (RFC 9110, 5.6.2). */
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
/** "field-content", with the octets beyond ASCII that Node sends as Latin-1. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** They belong to one connection or to one body, and are wrong on any other. */
const REFUSED = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Checks headers of messages once, at registration.
 *
 * @returns them with their names in lower case
 * @throws InvalidOptionError for what is no header, or none that may be set
 */
export function parseHeaders(
  headers: Readonly<Record<string, string>>,
  option = 'headers',
): [string, string][] {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
    throw new InvalidOptionError(option, 'must be an object of names and values');
  }
  return Object.entries(headers).map(([name, value]) => {
    const lowered = name.toLowerCase();
    if (!NAME.test(name)) {
      throw new InvalidOptionError(option, `names no header: ${JSON.stringify(name)}`);
    }
    if (REFUSED.has(lowered)) {
      throw new InvalidOptionError(option, `must leave ${lowered} to the server`);
    }
    if (typeof value !== 'string' || !VALUE.test(value)) {
      const text = `must give ${lowered} a value of one line, without characters beyond U+00FF`;
      throw new InvalidOptionError(option, text);
    }
    return [lowered, value.trim()];
  });
}
