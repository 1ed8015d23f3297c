import { readFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { resolveFile } from '../../plugins/files/resolve.ts';
import { folderWith } from './watch-folder.ts';

// Pieces that attacks are made of, so that random targets come close to the canary.
const PIECES = [
  ...['/', '//', '\\', '.', '..', '...', '%2e', '%2e%2e', '%2f', '%5c', '%252e', '%00', '%', '%0a'],
  ...['?', '#', ';', ':', '::$DATA', '~1', ' ', '\u0000', '\r\n', 'http://', '*', '%c0%ae', '%ff'],
  ...['index.html', 'a', 'sub', 'site', 'site-secret', 'key.txt', '.env', '.git', 'out', 'near'],
  ...['.well-known', 'in', 'only', 'é', '.html', '\ud800', 'INDEX.HTML', 'etc/passwd', '__proto__'],
];

/** Made of these alone, so that folders are found as well. */
const FOLDERS = ['a', 'sub', 'only', 'in', 'out', '.well-known', '.git'];

const target = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((pieces) => `/${pieces.join('/')}`),
  fc.array(fc.constantFrom(...FOLDERS), { maxLength: 3 }).map((names) => `/${names.join('/')}/`),
  fc.string({ unit: 'binary' }),
  fc.webPath(),
);

const options = fc.record({ cleanUrls: fc.boolean(), list: fc.boolean() });

it('no target leads out of the root, whatever it is', { timeout: 60_000 }, async () => {
  const root = await folderWith({
    'index.html': 'public',
    'a/index.html': 'public',
    'sub/a': 'public',
    'sub/index.html': 'public',
    'key.txt': 'public',
    'only/a.html': 'public',
    'only/.html': 'CANARY',
    'only/.env.html': 'CANARY',
    '.well-known/a': 'public',
    '.env': 'CANARY',
    '.git/index.html': 'CANARY',
    '.git/a': 'CANARY',
    'sub/.env': 'CANARY',
    '.well-known/.env': 'CANARY',
    '../site-secret/key.txt': 'CANARY',
    '../site-secret/index.html': 'CANARY',
    '../index.html': 'CANARY',
    '../site.html': 'CANARY',
    '../site-secret.html': 'CANARY',
  });
  await symlink(`${dirname(root)}/site-secret`, `${root}/out`);
  await symlink('../../site-secret/key.txt', `${root}/sub/near`);
  await symlink('sub', `${root}/in`);
  await symlink('../../site-secret.html', `${root}/sub/out.html`);
  const kinds = new Map<string, number>();
  const property = fc.asyncProperty(target, options, async (text, how) => {
    const resolution = await resolveFile(root, text, how);
    kinds.set(resolution.kind, (kinds.get(resolution.kind) ?? 0) + 1);
    if (resolution.kind === 'file') {
      expect(relative(root, resolution.path)).toBe(resolution.relative);
      expect(resolution.relative).not.toMatch(/^\.\./);
      expect(readFileSync(resolution.path, 'utf8')).toBe('public');
    }
    if (resolution.kind === 'redirect') {
      expect(resolution.location).toMatch(/^\.\.?\/[^/\\\s:][!-~]*$/);
      const to = new URL(resolution.location, `http://localhost${text}`);
      expect(to.host).toBe('localhost');
      // One slash more or less, so that nobody is led around in a circle.
      const next = await resolveFile(root, to.pathname + to.search, how);
      expect(['file', 'directory']).toContain(next.kind);
      expect(to.search.slice(1)).toBe(text.includes('?') ? text.replace(/^[^?]*\?/s, '') : '');
    }
    if (resolution.kind === 'directory') {
      expect(how.list).toBe(true);
      expect(['', 'only', 'sub', '.well-known']).toContain(resolution.relative);
    }
  });
  await fc.assert(property, { numRuns: 20_000 });
  // The fuzzer is worth its time only while it reaches every outcome.
  expect([...kinds.keys()].toSorted()).toEqual([
    'directory',
    'file',
    'malformed',
    'missing',
    'redirect',
  ]);
});
