import { execFile } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const MODULE = fileURLToPath(new URL('../../dist/server/tls/own-certificate.js', import.meta.url));

/** Makes a certificate in a process with this umask; resolves to all that it printed. */
async function make(home: string, umask: string): Promise<string> {
  const program = `process.umask(0o${umask});
    const { ownCertificate } = await import(${JSON.stringify(MODULE)});
    await ownCertificate('localhost');`;
  const env = { ...process.env, HOME: home, XDG_CACHE_HOME: join(home, 'cache'), CAROOT: home };
  const args = ['--input-type=module', '--eval', program];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env });
  return stdout + stderr;
}

it.each(['000', '277'])(
  'T1: a key is for its user alone, whole, and told to nobody, with the umask %s',
  async (umask) => {
    const home = temporaryDirectory();
    expect(await make(home, umask)).toBe('');
    const folder = join(home, 'cache', 'dev-serve', 'certificates');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const [name = '', ...others] = readdirSync(folder);
    // Nothing that was not finished is left beside it.
    expect(others).toEqual([]);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, name), 'utf8')).toMatch(
      /END PRIVATE KEY-----\n?-----BEGIN CERT.+END CERT/s,
    );
  },
);

it('T1: a key that others could read meanwhile is not used again', async () => {
  const home = temporaryDirectory();
  await make(home, '077');
  const folder = join(home, 'cache', 'dev-serve', 'certificates');
  const path = join(folder, readdirSync(folder)[0] ?? '');
  const before = readFileSync(path, 'utf8');
  await make(home, '077');
  expect(readFileSync(path, 'utf8')).toBe(before);
  chmodSync(path, 0o644);
  await make(home, '077');
  expect(readFileSync(path, 'utf8')).not.toBe(before);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
