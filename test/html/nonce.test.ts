import { describe, expect, it } from 'vitest';
import { insertIntoHead } from '../../plugins/html/insert-into-head.ts';
import { nonceOfPolicy, validNonce } from '../../plugins/html/policy.ts';
import { tag } from './golden-pages.ts';

function nonceFor(page: string, given?: string): string | undefined {
  let found: string | undefined;
  insertIntoHead(
    Buffer.from(page),
    (nonce) => {
      found = nonce;
      return tag(nonce);
    },
    { nonce: given },
  );
  return found;
}

describe('the nonce of a policy', () => {
  it.each([
    ["script-src 'self' 'nonce-YWJj'", 'YWJj'],
    ["SCRIPT-SRC 'NONCE-YWJj'", 'YWJj'],
    ["default-src 'nonce-YQ=='", 'YQ=='],
    ["default-src 'nonce-a'; script-src 'nonce-b'", 'b'],
    ["script-src 'nonce-b'; script-src-elem 'nonce-c'", 'c'],
    ["script-src 'nonce-first'; script-src 'nonce-second'", 'first'],
    ["default-src 'none', script-src 'nonce-list'", 'list'],
    ["default-src 'nonce-a'; script-src 'self'", undefined],
    ["style-src 'nonce-a'", undefined],
    ["script-src 'nonce-a\"b'", undefined],
    ["script-src 'nonce-'", undefined],
    ['script-src nonce-a', undefined],
    ['', undefined],
  ])('of %s is %s', (policy, nonce) => {
    expect(nonceOfPolicy(policy)).toBe(nonce);
  });

  it.each(['"', 'a b', 'a>', "a'", '&quot;', 'a=b', '===', '', 'é', 'a\n'])(
    'is not taken when it is %j',
    (nonce) => {
      expect(validNonce(nonce)).toBeUndefined();
    },
  );
});

describe('the nonce of a tag', () => {
  it('is the one that the caller knows, whatever the page says', () => {
    expect(nonceFor('<head><script nonce="page">', 'header')).toBe('header');
  });

  it('is searched in the page when the caller gives one that could break out', () => {
    expect(nonceFor('<head><script nonce="page"></script>', '"><img>')).toBe('page');
  });

  it('is read from a policy whose quotes are character references', () => {
    const content = 'script-src &#39;nonce-abc&apos;';
    const page = `<head><meta http-equiv=Content-Security-Policy content="${content}">`;
    expect(nonceFor(page)).toBe('abc');
  });

  it.each([
    ['a comment', '<head><!-- <script nonce="no"> -->'],
    ["a script's text", '<head><script>\'<script nonce="no">\'</script>'],
    ['a title', '<head><title><script nonce="no"></title>'],
    ['a second raw text', '<head><title></title><style>><script nonce="no"></style>'],
    ['an attribute', '<head><link title=\'<script nonce="no">\'>'],
    ['an end tag', '<head></script nonce="no">'],
    ['another tag', '<head><base nonce="no">'],
    ['the body', '<head></head><script nonce="no">'],
    ['what follows a body tag', '<head><body><script nonce="no">'],
    ['what follows text', '<head>text<script nonce="no">'],
    ['what follows a tag of the body', '<title>x</title><p><script nonce="no">'],
    ['what follows an end tag of the body', '<title>x</title></body><script nonce="no">'],
    ['a template', '<head><template><body>x</head><script nonce="no"></script></template>'],
    ['a template in a template', '<template><template></template><script nonce="no">'],
    ['a second attribute of that name', '<head><script nonce="a b" nonce="no">'],
  ])('is not taken from %s', (_place, page) => {
    expect(nonceFor(page)).toBeUndefined();
  });

  it("is a script's own rather than a style's before it", () => {
    expect(nonceFor('<head><style nonce=css></style><script nonce=js></script>')).toBe('js');
    expect(nonceFor('<head><style nonce=css></style><link rel=icon></head>')).toBe('css');
  });

  it.each([
    ['a title', '<title>text &lt; <p> </head></title>'],
    ['a style', '<style>text <p> </head></style>'],
    ['a script', '<script>"text <p> </head>"</script>'],
    ['fallbacks', '<noscript><p>text</noscript><noframes><p>text</noframes>'],
    ['templates', '<template a><p>text</p><template>text</template></head>text</template>'],
    ['empty elements', '<base href=/><basefont><bgsound><link rel=icon><meta charset=utf-8>'],
    ['comments and white space', ' \n<!-- text <p> --><?text?>\t'],
    ['tags that are there already', '<html lang=en><head><head>'],
    ['end tags that end nothing', '</p></title></html-x>'],
  ])('is found behind %s', (_what, start) => {
    for (const prologue of ['<head>', '<!doctype html><html><link>']) {
      expect(nonceFor(`${prologue}${start}<script nonce=yes></script>`)).toBe('yes');
    }
  });
});
