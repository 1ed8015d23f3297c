import { expect, it } from 'vitest';
import { importsOfFile, sourceFiles } from '../support/imports.ts';

const imports = sourceFiles('plugins').flatMap(importsOfFile);

/** All that a file imports, however indirectly, its types too: they are in its declarations. */
function reachable(path: string, seen = new Set<string>()): Set<string> {
  for (const { from, to } of imports) {
    if (from !== path || seen.has(to)) continue;
    seen.add(to);
    reachable(to, seen);
  }
  return seen;
}

it('a program without Fastify loads nothing of it, nor its types', () => {
  const names = [...reachable('plugins/http.ts')];
  expect(names).toContain('plugins/events/open-stream.ts');
  const packages = names.filter((name) => !/^(plugins\/|node:)/.test(name));
  expect(packages).toEqual(['@fastify/error']);
});
