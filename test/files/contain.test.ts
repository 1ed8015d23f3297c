import { describe, expect, it } from 'vitest';
import { relativeWithin } from '../../plugins/files/contain.ts';

describe('P5: a real path', () => {
  it.each([
    ['/srv/site', '/srv/site', ''],
    ['/srv/site', '/srv/site/a/b.html', 'a/b.html'],
    ['/srv/site', '/srv/site/..a/b', '..a/b'],
    ['/', '/etc/passwd', 'etc/passwd'],
  ])('below %s: %s is %j', (root, real, relative) => {
    expect(relativeWithin(root, real)).toBe(relative);
  });

  it.each([
    ['/srv/site', '/srv'],
    ['/srv/site', '/srv/site-secret/key.txt'],
    ['/srv/site', '/srv/sit'],
    ['/srv/site', '/etc/passwd'],
    ['/srv/site', '/'],
  ])('outside %s is %s', (root, real) => expect(relativeWithin(root, real)).toBeUndefined());
});
