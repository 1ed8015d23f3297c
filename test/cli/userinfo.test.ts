import { expect, it } from 'vitest';
import { withoutUserinfo } from '../../server/cli/userinfo.ts';

it.each([
  ['http://me:secret@a.test/b', 'http://a.test/b'],
  ['https://me@a.test:80', 'https://a.test:80'],
  ['HTTP:me:secret@a.test', 'HTTP:a.test'],
  ['http:\\\\me:secret@a.test', 'http:\\\\a.test'],
  ['http://me:p@ss@a.test', 'http://a.test'],
  ['not "ftp://me:secret@a.test" or http://x:y@b.test', 'not "ftp://a.test" or http://b.test'],
  ['http://a.test/@b/c@1', 'http://a.test/@b/c@1'],
  ['http://a.test me@b.test', 'http://a.test me@b.test'],
])('Q4: of %s there is %s to print', (text, printed) => {
  expect(withoutUserinfo(text)).toBe(printed);
});
