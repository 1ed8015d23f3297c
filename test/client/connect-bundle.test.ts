import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dev-serve-bundle-'));
  execFileSync(process.execPath, ['client/build.js', folder]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a bundler makes of a program that imports the built client. */
async function bundle(program: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: program.replace('dev-serve/client', './connect.js'), resolveDir: folder },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

describe('the bundled client', () => {
  it('is less than 4 KB, gzipped', async () => {
    const text = await bundle("export { connect } from 'dev-serve/client';");
    expect(text).toContain('connect');
    expect(gzipSync(text, { level: 9 }).length).toBeLessThan(4096);
  });

  it('is nothing where it is not used', async () => {
    expect(await bundle("import { connect } from 'dev-serve/client';")).toBe('');
    expect(await bundle("import 'dev-serve/client';")).toBe('');
  });

  it('can be imported where there is no browser', async () => {
    const { connect } = await import(join(folder, 'connect.js'));
    expect(connect).toBeTypeOf('function');
  });
});
