import { describe, expect, it } from 'vitest';
import { changeFilter } from '../../plugins/files/change-filter.ts';

type Settings = Parameters<typeof changeFilter>[0];

/** What is announced of changes written as "operation path" or "rename from path". */
function announced(settings: Settings, ...changes: string[]): string[] {
  const filter = changeFilter(settings);
  return changes.flatMap((change) => {
    const [operation, ...paths] = change.split(' ');
    const path = paths.at(-1) ?? '';
    const from = paths.length > 1 ? paths[0] : undefined;
    if (operation === undefined || !isOperation(operation)) throw new Error(change);
    return filter({ operation, path, from }).map((each) =>
      [each.operation, each.from, each.path].filter((part) => part !== undefined).join(' '),
    );
  });
}

const ALL = ['create a.md', 'write a.md', 'remove a.md', 'rename a.md b.md', 'chmod a.md'];

function isOperation(text: string): text is 'create' | 'write' | 'remove' | 'rename' | 'chmod' {
  return ['create', 'write', 'remove', 'rename', 'chmod'].includes(text);
}

describe('without settings', () => {
  it('everything is announced, also with empty lists', () => {
    expect(announced({}, ...ALL)).toEqual(ALL);
    const empty = { include: [], exclude: [], events: [], ignoreEvents: [] };
    expect(announced(empty, ...ALL)).toEqual(ALL);
  });
});

describe('include and exclude', () => {
  it('let pass what one names and the other does not', () => {
    const settings = { include: ['*.html', 'docs'], exclude: ['drafts'] };
    const passed = ['write a.html', 'write docs/a/b.png', 'write deep/a.html'];
    const stopped = ['write a.css', 'write docs/drafts/a.html', 'write drafts/a.html'];
    expect(announced(settings, ...passed, ...stopped)).toEqual(passed);
  });

  it('make a rename across their border a create or a remove', () => {
    const settings = { exclude: ['drafts'] };
    expect(announced(settings, 'rename drafts/a.md a.md')).toEqual(['create a.md']);
    expect(announced(settings, 'rename a.md drafts/a.md')).toEqual(['remove a.md']);
    expect(announced(settings, 'rename drafts/a.md drafts/b.md')).toEqual([]);
    expect(announced(settings, 'rename a.md b.md')).toEqual(['rename a.md b.md']);
  });

  it('are refused when they are no globs', () => {
    expect(() => changeFilter({ include: ['{'] })).toThrow('Option "include"');
    expect(() => changeFilter({ exclude: [''] })).toThrow('Option "exclude"');
  });
});

describe('events', () => {
  it('lets pass these operations alone', () => {
    expect(announced({ events: ['write', 'chmod'] }, ...ALL)).toEqual(['write a.md', 'chmod a.md']);
  });

  it('takes a rename it does not name for what it amounts to', () => {
    const rename = 'rename a.md b.md';
    expect(announced({ events: ['create'] }, rename)).toEqual(['create b.md']);
    expect(announced({ events: ['remove'] }, rename)).toEqual(['remove a.md']);
    expect(announced({ events: ['create', 'remove'] }, rename)).toEqual([
      'remove a.md',
      'create b.md',
    ]);
    expect(announced({ events: ['write'] }, rename)).toEqual([]);
  });
});

describe('ignoreEvents', () => {
  it('stops these operations, a rename with both its halves', () => {
    expect(announced({ ignoreEvents: ['rename', 'chmod'] }, ...ALL)).toEqual([
      'create a.md',
      'write a.md',
      'remove a.md',
    ]);
  });

  it('counts more than events', () => {
    const settings: Settings = { events: ['create', 'remove'], ignoreEvents: ['remove'] };
    expect(announced(settings, ...ALL)).toEqual(['create a.md', 'create b.md']);
  });
});
