import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const PROGRAM = fileURLToPath(new URL('../../support/durable-full-disk.js', import.meta.url));

it.each(['commit', 'flush'])(
  'a full disk makes appends fail and takes no number (%s)',
  async (durability) => {
    const args = [PROGRAM, temporaryDirectory(), durability];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { stored, codes, afterwards, reported, head } = JSON.parse(stdout);
    const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
    expect(stored.length).toBeGreaterThan(20);
    expect(stored).toEqual(upTo(stored.length));
    expect(codes).toEqual(['DEV_SERVE_ERR_STORE_WRITE']);
    expect(afterwards).toEqual({
      stored: upTo(stored.length + 5).slice(-5),
      codes: [],
    });
    expect(reported).toEqual(upTo(stored.length + 5));
    expect(head).toBe(stored.length + 5);
  },
);
