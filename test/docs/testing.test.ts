import { describe, expect, it } from 'vitest';
import { tableDefaults, tableRows } from '../support/docs/blocks.ts';
import { defaultsOf, membersOf } from '../support/docs/members.ts';
import { type Runner, runBlocks } from '../support/docs/run-blocks.ts';

const DOCUMENT = 'docs/testing.md';
const SOURCE = 'plugins/testing/read-events.ts';

const readEvents: Runner = async (block, project) => {
  await project.write('news.test.js', block.text);
  const tests = project.command('node --test news.test.js');
  await tests.ended();
  expect(tests.output).toMatch(/^. pass 1$/m);
  expect(tests.output).toMatch(/^. fail 0$/m);
};

runBlocks(DOCUMENT, { 'read events': readEvents });

describe(`the tables in ${DOCUMENT}`, () => {
  it('name each option, in its order', () => {
    const names = ['InjectedRequest', 'ReadEventsOptions'];
    expect(tableRows(DOCUMENT, 'option of readEvents')).toEqual(
      names.flatMap((name) => membersOf(SOURCE, name)),
    );
    expect(tableDefaults(DOCUMENT, 'option of readEvents')).toEqual(
      defaultsOf(SOURCE, 'ReadEventsOptions'),
    );
  });

  it('name each member of a reader, in its order', () => {
    const members = membersOf('plugins/testing/event-reader.ts', 'EventReader');
    const rows = tableRows(DOCUMENT, 'of a reader').map((name) => name.replace(/\(.*\)$/, ''));
    expect(rows).toEqual(members);
  });
});
