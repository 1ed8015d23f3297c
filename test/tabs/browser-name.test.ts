import fc from 'fast-check';
import { expect, it } from 'vitest';
import { browserName } from '../../plugins/tabs/browser-name.ts';

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)';

it.each([
  [
    'Chrome 156 on Linux',
    `Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} Chrome/156.0.0.0 Safari/537.36`,
  ],
  [
    'Chrome 156 on Linux',
    `Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} HeadlessChrome/156.0.0.0 Safari/537.36`,
  ],
  [
    'Chrome 140 on Android',
    `Mozilla/5.0 (Linux; Android 10; K) ${WEBKIT} Chrome/140.0.0.0 Mobile Safari/537.36`,
  ],
  [
    'Edge 141 on Windows',
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0`,
  ],
  [
    'Firefox 145 on Linux',
    'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  ],
  [
    'Safari 26 on macOS',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
  ],
  [
    'Safari 18 on iPhone',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  ],
  [
    'Chrome 140 on iPhone',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.7339.101 Mobile/15E148 Safari/604.1',
  ],
  ['Unknown browser', 'curl/8.5.0'],
  ['Unknown browser', undefined],
])('%s is what a User-Agent says', (name, userAgent) => {
  expect(browserName(userAgent)).toBe(name);
});

it('a hostile User-Agent leaves nothing of itself but a number', () => {
  const parts = fc.constantFrom(
    'Chrome/',
    'Version/',
    ' Safari/',
    '9',
    '\u001b[31m',
    'Linux',
    'a ',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(parts, fc.string())), (texts) => {
      expect(browserName(texts.join(''))).toMatch(
        /^[A-Z][A-Za-z]+( Internet| browser)?( \d+)?( on \w+)?$/,
      );
    }),
  );
});
