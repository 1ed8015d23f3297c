import { ownHeaders } from './own-headers.ts';

/**
 * An answer in plain text as HTTP/1.1 writes it, for a socket without a response; the last one there.
 *
 * @param status code and phrase, e.g. `400 Bad Request`
 */
export function plainAnswer(
  status: string,
  text: string,
  more: Readonly<Record<string, string>> = {},
): string {
  const headers = {
    ...ownHeaders,
    ...more,
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status}`, ...lines, '', text].join('\r\n');
}
