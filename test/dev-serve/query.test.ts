import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findFile } from '../../plugins/files/find-file.ts';
import { siteWithCanary } from '../files/site-with-canary.ts';
import { seed } from '../support/random.ts';
import { sendableTarget } from '../support/targets.ts';

const CASES = 1200;
const KNOWN = [
  '/',
  '/a/',
  '/a',
  '/sub',
  '/only/a',
  '/.env',
  '/out/key.txt',
  '/site',
  '/none',
  '/%2e',
];

// What queries have been read as elsewhere: other names of the file, ways around a rule.
const PIECES = [
  'raw',
  'url',
  'import',
  '&',
  '=',
  '?',
  '??',
  '/',
  '..',
  '%2f',
  '.svg',
  '.css',
  '@fs',
];

it(`P4: no query changes what a request finds (${CASES} of them, seed ${seed})`, async () => {
  const root = await siteWithCanary();
  const path = fc
    .oneof(fc.constantFrom(...KNOWN), sendableTarget)
    .map((text) => text.split('?')[0]);
  const query = fc.oneof(
    fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((pieces) => pieces.join('')),
    fc.webQueryParameters(),
  );
  for (const base of ['', '/site']) {
    const place = { root, base, cleanUrls: true, list: true };
    const find = async (target: string) => {
      const found = await findFile(place, target);
      // The query goes with the browser to where it is sent.
      if (found.kind !== 'redirect') return found;
      return { ...found, location: found.location.split('?')[0] };
    };
    const property = fc.asyncProperty(path, query, async (text, rest) => {
      const target = `${base}${text}`;
      expect(await find(`${target}?${rest}`)).toEqual(await find(target));
    });
    await fc.assert(property, { numRuns: CASES / 2, seed });
  }
});
