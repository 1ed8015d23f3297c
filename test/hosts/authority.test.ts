import { describe, expect, it } from 'vitest';
import { requestAuthority } from '../../plugins/hosts/authority.ts';

describe('H1: the authority of a request', () => {
  it('is the value of the one Host line, however its name is spelled', () => {
    expect(requestAuthority(['Accept', 'host', 'HOST', 'localhost:80'])).toBe('localhost:80');
  });

  it('does not exist without a Host line', () => {
    expect(requestAuthority([])).toBeUndefined();
    expect(requestAuthority(['X-Forwarded-Host', 'localhost'])).toBeUndefined();
  });

  it('does not exist with two Host lines, even equal ones', () => {
    expect(requestAuthority(['Host', 'localhost', 'host', 'localhost'])).toBeUndefined();
  });

  it('is the pseudo header of HTTP/2, with which a Host line has to agree', () => {
    expect(requestAuthority([':authority', 'localhost'])).toBe('localhost');
    expect(requestAuthority([':authority', 'localhost', 'host', 'localhost'])).toBe('localhost');
    expect(requestAuthority([':authority', 'localhost', 'host', 'evil.example'])).toBeUndefined();
  });
});
