import { describe, expect, it } from 'vitest';
import { insertIntoHead } from '../../plugins/html/insert-into-head.ts';
import { XmlInsertion } from '../../plugins/html/xml-insertion.ts';
import { tag } from './golden-pages.ts';

const TAG = '<script xmlns="http://www.w3.org/1999/xhtml" src="/client.js"></script>';

/** Each document with a `|` where the tag belongs. */
const documents: [string, string][] = [
  [
    'XHTML',
    '<?xml version="1.0"?>\n<!DOCTYPE html>\n<html xmlns="x">\n <head>|<title/></head></html>',
  ],
  [
    'XHTML with a prefix',
    '<h:html xmlns:h="x"><!-- <head> --><h:head>|<h:title/></h:head></h:html>',
  ],
  ['XHTML with an empty head', '<html xmlns="x">|<head/><body/></html>'],
  ['XHTML with a head that has attributes', `<html a='>'><head b="/" c='">'>|</head></html>`],
  ['XHTML without a head', '<html xmlns="x">|<body><head></head></body></html>'],
  ['XHTML with text first', '<html xmlns="x">|text<head></head></html>'],
  ['XHTML with CDATA first', '<html xmlns="x">|<![CDATA[<head>]]><head></head></html>'],
  ['XHTML that ends at once', '<html xmlns="x">|</html>'],
  ['XHTML that breaks off', '<html xmlns="x">|'],
  ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="1">|<rect/></svg>'],
  ['SVG with a prefix', '<s:svg xmlns:s="x">|<s:rect/></s:svg>'],
  ['SVG behind instructions', `<?xml-stylesheet href='<svg>' ?><?a>?><svg>|</svg>`],
  ['SVG behind comments', '<!-- <svg> -> --><!----><!-- - --><svg>|</svg>'],
  ['SVG behind a comment that seems to close', '<!--> <svg> --><!---> --><svg>|</svg>'],
  ['SVG behind a doctype', `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" 'a>b'><svg>|</svg>`],
  [
    'SVG behind an internal subset',
    `<!DOCTYPE svg [<!ENTITY a "]><svg>"> <!-- ]>' --> <?p ]>"?> %b; <!ATTLIST svg c CDATA 'd>'>] ><svg>|</svg>`,
  ],
  ['an empty SVG', '<svg xmlns="x"/>'],
  ['an empty SVG with a space', '<svg xmlns="x" />'],
  ['text', 'text <svg></svg>'],
  ['an end tag', '</svg><svg></svg>'],
  ['a comment that never ends', '<!-- <svg></svg>'],
  ['a doctype that never ends', '<!DOCTYPE svg [ <svg></svg>'],
  ['nothing', ''],
];

describe.each(documents)('%s', (_name, marked) => {
  const page = Buffer.from(marked.replace('|', ''));
  const expected = marked.replace('|', TAG);

  it('gets the tag where it runs, and no other byte changes', () => {
    expect(insertIntoHead(page, tag, { isXml: true }).toString()).toBe(expected);
  });

  it('gets the same bytes wherever the stream is cut in two', () => {
    for (let cut = 0; cut <= page.length; cut += 1) {
      const insertion = new XmlInsertion(tag);
      const pieces = [page.subarray(0, cut), page.subarray(cut)].flatMap((piece) =>
        insertion.push(piece),
      );
      expect(Buffer.concat([...pieces, ...insertion.end()]).toString()).toBe(expected);
    }
  });

  it.each(['utf16le', 'utf16be'] as const)('gets it in %s', (encoding) => {
    const encode = (text: string) => {
      const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
      return encoding === 'utf16le' ? bytes : bytes.swap16();
    };
    const injected = insertIntoHead(encode(page.toString()), tag, { isXml: true });
    expect(injected.equals(encode(expected))).toBe(true);
  });
});

describe('an XML document', () => {
  it('in UTF-16 that nothing tells of is left alone', () => {
    const page = Buffer.from('<svg><rect/></svg>', 'utf16le');
    expect(insertIntoHead(page, tag, { isXml: true })).toBe(page);
  });

  it('gets the nonce of its header', () => {
    const page = Buffer.from('<svg></svg>');
    const injected = insertIntoHead(page, tag, { isXml: true, nonce: 'YWJj' });
    expect(injected.toString()).toContain(' nonce="YWJj"></script></svg>');
  });

  it('is never held back for long in search of a head', () => {
    const insertion = new XmlInsertion(tag);
    insertion.push(Buffer.from('<html>'));
    const out = insertion.push(Buffer.from(`<!-- ${'x'.repeat(20_000)}`));
    expect(Buffer.concat(out).toString()).toContain(`<html>${TAG}<!-- xx`);
  });
});
