import { describe, expect, it } from 'vitest';
import { insertIntoHead } from '../../plugins/html/insert-into-head.ts';
import { tag } from './golden-pages.ts';

describe('a comment', () => {
  it.each([
    '<!-->',
    '<!--->',
    '<!---->',
    '<!----->',
    '<!--x-->',
    '<!--x--->',
    '<!--x--!>',
    '<!----!>',
    '<!--<!-->',
    '<!-- > -> --x> -->',
    '<!--x--!-->',
    '<!-x>',
    '<!->',
    '<!>',
    '<!doc>',
    '<?x ">',
    '</ x>',
    '</>',
  ])('%s ends with its last unit', (comment) => {
    const injected = insertIntoHead(Buffer.from(`${comment}<head></head>`), tag).toString();
    expect(injected).toBe(`${comment}<head>${tag(undefined)}</head>`);
  });

  it.each([
    '<!--x>',
    '<!--x->',
    '<!--!>',
    '<!---!>',
    '<!--x-!>',
    '<!--x--y>',
    '<!--x--!y>',
    '<!--x--! >',
  ])('%s goes on', (start) => {
    const page = Buffer.from(`${start}<head></head>`);
    expect(insertIntoHead(page, tag)).toBe(page);
  });
});
