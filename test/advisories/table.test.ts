import { describe, expect, it } from 'vitest';
import { nameOf } from './advisory.ts';
import { advisories } from './table.ts';

const rows = Object.values(advisories).flat();
const ids = rows.flatMap((row) => row.ids);

const WELL_FORMED = /^(?:CVE-(?:19|20)\d{2}-\d{4,7}|GHSA(?:-[23456789cfghjmpqrvwx]{4}){3})$/;

describe('the table of published mistakes', () => {
  it('has each id once, well formed', () => {
    expect(ids.filter((id) => !WELL_FORMED.test(id))).toEqual([]);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    // A row that is taken out is missed.
    expect([rows.length, ids.length]).toEqual([65, 143]);
  });

  it('has rows that can be told apart by their names', () => {
    const names = rows.map(nameOf);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('says of each row what went wrong, and what holds here or why it does not apply', () => {
    const isText = (text: string) => text !== '' && text === text.trim();
    const isReason = (text: string) => text.length > 20 && isText(text);
    for (const row of rows) {
      const outcome = 'doesNotApply' in row ? row.doesNotApply : row.promise;
      expect([row.product, row.cause, outcome].every(isText), nameOf(row)).toBe(true);
      expect([row.cause, outcome].every(isReason), nameOf(row)).toBe(true);
    }
  });
});
