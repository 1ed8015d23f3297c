import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientTag } from '../../plugins/html/client-tag.ts';
import { LiveSite } from '../support/live-site.ts';

const SHAPE =
  /^<script src="[^"<]*" data-build="\d+" data-cursor="[^"<]*"( data-file="[^"<]*")?( nonce="[^"<]*")?><\/script>$/;
const text = fc.string({ unit: 'binary', maxLength: 30 });

describe('J1: the tag', () => {
  it('is one empty element of one shape, whatever files are named', () => {
    const tag = fc.record({ src: text, build: fc.nat(), cursor: text, file: fc.option(text) });
    fc.assert(
      fc.property(tag, fc.option(text), (fields, nonce) => {
        const written = clientTag({ ...fields, file: fields.file ?? undefined })(
          nonce ?? undefined,
        );
        return SHAPE.test(written);
      }),
      { numRuns: 10_000 },
    );
  });

  it('is the same whatever the request holds', async () => {
    const site = await LiveSite.start({ 'index.html': '<html><head></head></html>' });
    const tagOf = async (query: string, headers: Record<string, string> = {}) => {
      const response = await fetch(site.url + query, { headers });
      return /<script.*?<\/script>/s.exec(await response.text())?.[0];
    };
    const plain = await tagOf('');
    expect(plain).toMatch(SHAPE);
    const evil = '"><script>alert(1)</script>';
    expect(await tagOf(`?${evil}`)).toBe(plain);
    expect(await tagOf(`?a=${encodeURIComponent(evil)}`)).toBe(plain);
    for (const name of ['user-agent', 'referer', 'cookie', 'accept-language', 'x-forwarded-host']) {
      expect(await tagOf('', { [name]: evil })).toBe(plain);
    }
  });
});
