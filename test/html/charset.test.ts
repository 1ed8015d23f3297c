import { describe, expect, it } from 'vitest';
import { declaredCharset } from '../../plugins/html/charset.ts';

describe('the charset that a page declares', () => {
  it.each([
    ['<meta charset="iso-8859-1">', 'iso-8859-1'],
    ['<!doctype html><html><head><META CHARSET=Windows-1252 />', 'windows-1252'],
    ["<meta charset=' utf-8 '>", 'utf-8'],
    ['<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">', 'shift_jis'],
    ['<meta content="text/html; charset = \'koi8-r\'" http-equiv=content-type>', 'koi8-r'],
    ['<title>x</title><meta name=a content=b><meta charset=big5><meta charset=utf-8>', 'big5'],
    ['<meta charset="utf-16le">', 'utf-8'],
    ['<!-- <meta charset=no> --><meta charset=euc-kr>', 'euc-kr'],
    ['<script>"<meta charset=no>"</script><meta charset=gbk>', 'gbk'],
    ['<meta charset="a\r\nset-cookie: x=y">', undefined],
    ['<meta charset="a;b">', undefined],
    ['<meta charset="">', undefined],
    ['<meta content="text/html; charset=latin1">', undefined],
    ['<meta http-equiv=refresh content="0;charset=latin1">', undefined],
    ['<!-- <meta charset=latin1>', undefined],
    ['charset=latin1', undefined],
    ['', undefined],
  ])('by %j is %s', (page, charset) => {
    expect(declaredCharset(Buffer.from(page))).toBe(charset);
  });

  it('is told by a byte order mark before any meta tag', () => {
    const page = '\ufeff<meta charset=latin1>';
    expect(declaredCharset(Buffer.from(page))).toBe('utf-8');
    expect(declaredCharset(Buffer.from(page, 'utf16le'))).toBe('utf-16le');
    expect(declaredCharset(Buffer.from(page, 'utf16le').swap16())).toBe('utf-16be');
  });

  it('counts in the first 1024 bytes only', () => {
    const meta = '<meta charset=latin1>';
    const fits = ' '.repeat(1024 - meta.length) + meta;
    expect(declaredCharset(Buffer.from(fits))).toBe('latin1');
    expect(declaredCharset(Buffer.from(` ${fits}`))).toBeUndefined();
  });
});
