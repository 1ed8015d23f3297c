const latin1 = (text: string) => Buffer.from(text, 'latin1');
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

/** A page of each odd kind by its file name; each shows `one` somewhere, but for the empty one. */
export const oddPages: Readonly<Record<string, Buffer>> = {
  'plain.html': latin1(
    '<!doctype html><html><head><title>one</title></head><body>one</body></html>',
  ),
  'uppercase.html': latin1(
    '<!DOCTYPE HTML><HTML><HEAD><TITLE>x</TITLE></HEAD><BODY>one</BODY></HTML>',
  ),
  'no-doctype.html': latin1('<html><head><title>x</title></head><body>one</body></html>'),
  'no-body.html': latin1('<!doctype html><title>no body</title><p>one'),
  'fragment.html': latin1('<li>one</li><li>two items</li>'),
  'text.html': latin1('one line of text & no tag'),
  'empty.html': latin1(''),
  'string.html': latin1(
    '<!doctype html><html><head><script>window.ran = "</head></body>one";</script></head><body><script>document.write(window.ran, "<\\/body>")</script></body></html>',
  ),
  'comment.html': latin1(
    '<!-- <head></head> --><!doctype html><!-- <body></body> --><html><head></head><body>one<!-- </body> --></body></html>',
  ),
  'textarea.html': latin1(
    '<!doctype html><textarea><head></head><body>one</body></textarea><p>after</p>',
  ),
  'spaced-tags.html': latin1(
    '<!doctype html><html ><head ><title >x</title ></head ><body >one</body ></html >',
  ),
  'import-map.html': latin1(
    '<!doctype html><head><script type="importmap">{"imports":{"m":"data:text/javascript,window.ran=1"}}</script><script type="module">import "m"</script></head><body>one</body>',
  ),
  'frameset.html': latin1(
    '<!doctype html><html><head><title>one</title></head><frameset cols="*"><frame src="inner.html"></frameset></html>',
  ),
  'csp-self.html': latin1(
    `<!doctype html><head><meta http-equiv="Content-Security-Policy" content="default-src 'self'"></head><body>one</body>`,
  ),
  'csp-nonce.html': latin1(
    `<!doctype html><head><meta http-equiv="Content-Security-Policy" content="script-src 'nonce-YWJj'"><script nonce="YWJj">window.ran = 1</script></head><body>one</body>`,
  ),
  'csp-none.html': latin1(
    `<!doctype html><head><meta http-equiv="Content-Security-Policy" content="default-src 'none'"></head><body>one</body>`,
  ),
  'bom.html': Buffer.from('\ufeff<!doctype html><p>one é</p>'),
  'utf16le.html': utf16(
    '<!doctype html><html><head><title>é</title></head><body>one é →</body></html>',
  ),
  'utf16be.html': utf16('<!doctype html><p>one é →</p>').swap16(),
  'latin1.html': latin1(
    '<!doctype html><head><meta charset=iso-8859-1></head><body>one \xe9</body>',
  ),
  'shift-jis.html': Buffer.concat([
    latin1('<!doctype html><head><meta charset=shift_jis><title>'),
    Buffer.from([0x93, 0xfa, 0x96, 0x7b, 0x83, 0x5c]),
    latin1('</title></head><body>one</body>'),
  ]),
  'short.htm': latin1('<!doctype html><p>one'),
  'page.xhtml': Buffer.from(
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title>é</title></head><body><p>one<br/></p></body></html>',
  ),
  'prefixed.xhtml': Buffer.from(
    '<h:html xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>x</h:title></h:head><h:body><h:p>one</h:p></h:body></h:html>',
  ),
  'drawing.svg': Buffer.from(
    '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY word "one">]><svg xmlns="http://www.w3.org/2000/svg"><text y="20">&word;</text></svg>',
  ),
};

/** The page after an edit: what it shows instead of `one`. */
export function edited(name: string): Buffer {
  const page = oddPages[name] ?? Buffer.alloc(0);
  if (page.length === 0) return Buffer.from('two');
  const wide = name.startsWith('utf16');
  const [one, two] = ['one', 'two'].map((word) => {
    if (!wide) return word;
    const bytes = Buffer.from(word, 'utf16le');
    return (name === 'utf16be.html' ? bytes.swap16() : bytes).toString('latin1');
  });
  return latin1(page.toString('latin1').replaceAll(one ?? '', two ?? ''));
}
