import fc from 'fast-check';

// Pieces that attacks are made of, so that random targets come close to the canary.
const PIECES = [
  ...['/', '//', '\\', '.', '..', '...', '%2e', '%2e%2e', '%2f', '%5c', '%252e', '%00', '%', '%0a'],
  ...['?', '#', ';', ':', '::$DATA', '~1', ' ', '\u0000', '\r\n', 'http://', '*', '%c0%ae', '%ff'],
  ...['index.html', 'a', 'sub', 'site', 'site-secret', 'key.txt', '.env', '.git', 'out', 'near'],
  ...['.well-known', 'in', 'only', 'é', '.html', '\ud800', 'INDEX.HTML', 'etc/passwd', '__proto__'],
];

/** Made of these alone, so that folders are found as well. */
const FOLDERS = ['a', 'sub', 'only', 'in', 'out', '.well-known', '.git'];

/** Request-targets, most of them hostile, some of a file. */
export const target = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((pieces) => `/${pieces.join('/')}`),
  fc.array(fc.constantFrom(...FOLDERS), { maxLength: 3 }).map((names) => `/${names.join('/')}/`),
  fc.string({ unit: 'binary' }),
  fc.webPath(),
);

// What a line of a head cannot hold: nobody receives such a target.
const UNSENDABLE = /[^!-~]/;

/** The same, as far as they can be sent. */
export const sendableTarget = target.filter((text) => text !== '' && !UNSENDABLE.test(text));
