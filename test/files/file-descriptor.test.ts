import { constants, fstatSync, readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { UnreadableFileError } from '../../plugins/errors.ts';
import { readSmallPart } from '../../plugins/files/file-body.ts';
import { FileDescriptor } from '../../plugins/files/file-descriptor.ts';
import { askDisk } from '../../plugins/files/quick-disk.ts';
import { folderWith } from './watch-folder.ts';

const SLOW_MS = 40;

/** For a second all is asked in threads, as after slow answers of a disk, with quick ones in between. */
async function slowDown(): Promise<void> {
  const waitLong = () => {
    const start = performance.now();
    while (performance.now() - start < SLOW_MS);
  };
  for (let time = 0; time < 3; time += 1) {
    await askDisk(waitLong, async () => {});
    await askDisk(
      () => {},
      async () => {},
    );
  }
}

async function opened(name = 'a.txt'): Promise<FileDescriptor> {
  const root = await folderWith({ 'a.txt': 'some text', 'big.bin': 'x'.repeat(70_000) });
  const file = await FileDescriptor.open(`${root}/${name}`, constants.O_RDONLY);
  onTestFinished(() => file.close());
  return file;
}

describe.each(['quick', 'slow'])('S2: a descriptor of a %s disk', (disk) => {
  const prepare = async () => {
    if (disk === 'slow') await slowDown();
  };

  it('is read and closed; by then its number may be that of another file', async () => {
    await prepare();
    const file = await opened();
    const bytes = Buffer.alloc(100);
    expect(await file.read(bytes, 5)).toBe(4);
    expect(bytes.toString('utf8', 0, 4)).toBe('text');
    expect((await file.stat()).size).toBe(9n);
    await file.close();
    const other = await open(import.meta.filename);
    onTestFinished(() => other.close());
    expect(() => file.read(bytes, 0)).toThrow('closed');
    // A second time, it would be the other one that is closed.
    await file.close();
    expect(fstatSync(other.fd).isFile()).toBe(true);
  });

  it('is not closed under a reading', async () => {
    const file = await opened('big.bin');
    await prepare();
    const bytes = Buffer.alloc(70_000);
    const read = file.read(bytes, 0);
    await file.close();
    expect(await read).toBe(70_000);
    expect(bytes.every((byte) => byte === 0x78)).toBe(true);
  });

  it('is not there for a file that is not', async () => {
    await prepare();
    const before = readdirSync('/proc/self/fd').length;
    await expect(FileDescriptor.open('/none', constants.O_RDONLY)).rejects.toThrow('ENOENT');
    expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before);
  });

  it('gives a small part as a whole, and fails where there is less of it', async () => {
    await prepare();
    const file = await opened();
    expect(String(await readSmallPart(file, { start: 0, end: 9 }))).toBe('some text');
    expect(String(await readSmallPart(file, { start: 5, end: 7 }))).toBe('te');
    expect(await readSmallPart(file, { start: 0, end: 70_000 })).toBeUndefined();
    const cut = readSmallPart(file, { start: 0, end: 10 });
    await expect(cut).rejects.toBeInstanceOf(UnreadableFileError);
  });
});
