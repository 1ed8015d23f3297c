import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { resolveFile } from '../../plugins/files/resolve.ts';
import { target } from '../support/targets.ts';
import { siteWithCanary } from './site-with-canary.ts';

const options = fc.record({ cleanUrls: fc.boolean(), list: fc.boolean() });

it('P2, P5: no target leads out of the root, whatever it is', { timeout: 60_000 }, async () => {
  const root = await siteWithCanary();
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
