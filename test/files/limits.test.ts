import { describe, expect, it } from 'vitest';
import { silentDisk } from '../../plugins/files/disks.ts';
import {
  isPassing,
  type LimitCode,
  limitNotice,
  limitOf,
  remedyFor,
} from '../../plugins/files/limits.ts';

const failed = (code: string) => Object.assign(new Error(code), { code });

describe('an error', () => {
  it.each(['ENOSPC', 'EMFILE', 'ENFILE'])('%s is about a limit, and passes', (code) => {
    expect(limitOf(failed(code))).toBe(code);
    expect(isPassing(failed(code))).toBe(true);
  });

  it.each(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP'])('%s is about the folder', (code) => {
    expect(limitOf(failed(code))).toBeUndefined();
    expect(isPassing(failed(code))).toBe(false);
  });

  it.each([failed('EIO'), new Error('no code'), 'no error'])('%s says nothing', (error) => {
    expect(limitOf(error)).toBeUndefined();
  });
});

describe('the remedy', () => {
  const values: Record<string, number> = {
    'fs.inotify.max_user_watches': 8192,
    'fs.inotify.max_user_instances': 128,
    'fs.file-max': 2_000_000,
  };
  const remedy = (code: LimitCode, platform: NodeJS.Platform, canOpen: boolean) =>
    remedyFor(code, platform, canOpen, (name) => values[name]).command;

  it('is the limit that was met, raised', () => {
    expect(remedy('ENOSPC', 'linux', true)).toBe('sudo sysctl fs.inotify.max_user_watches=524288');
    expect(remedy('EMFILE', 'linux', true)).toBe('sudo sysctl fs.inotify.max_user_instances=1024');
    expect(remedy('EMFILE', 'linux', false)).toBe('ulimit -n 65536');
    expect(remedy('ENFILE', 'linux', false)).toBe('sudo sysctl fs.file-max=4000000');
    expect(remedy('EMFILE', 'darwin', true)).toBe('ulimit -n 65536');
  });

  it('is more than there is', () => {
    const { command } = remedyFor('ENOSPC', 'linux', true, () => 1_000_000);
    expect(command).toBe('sudo sysctl fs.inotify.max_user_watches=2000000');
  });

  it('is told in one line, with how much is watched', () => {
    const told = limitNotice(
      '/site',
      { code: 'ENOSPC', watched: 8191, total: 9000 },
      remedyFor('ENOSPC', 'linux', true, (name) => values[name]),
    );
    expect(told).toBe(
      'Only 8191 of 9000 folders in /site can be watched: the limit of ' +
        'fs.inotify.max_user_watches (8192) is reached. The others are looked at about once a ' +
        'second, which is slower. To raise it: sudo sysctl fs.inotify.max_user_watches=524288',
    );
  });
});

describe('a disk', () => {
  it.each([
    [0x6969, 'NFS'],
    [0x01021997, '9p, as Windows folders are in WSL'],
    // A number with its highest bit set, as some systems give it.
    [0xff534d42 | 0, 'CIFS'],
  ])('of type %i may not tell of changes: %s', (type, name) => {
    expect(silentDisk(type)).toBe(name);
  });

  it.each([0xef53, 0x9123683e, 0x01021994, 0x794c7630, 0])('of type %i does', (type) => {
    expect(silentDisk(type)).toBeUndefined();
  });
});
