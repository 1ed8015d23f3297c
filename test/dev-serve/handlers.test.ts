import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDevServer } from '../../server/create-dev-server.ts';
import { importsOfFile, sourceFiles } from '../support/imports.ts';
import { temporarySite } from '../support/temporary-site.ts';

/** Every route of a dev server with all that can be switched on, and where its answers come from. */
const HANDLERS: Readonly<Record<string, string>> = {
  'GET *': 'the resolver',
  'HEAD *': 'the resolver',
  'GET /lib': 'the resolver',
  'HEAD /lib': 'the resolver',
  'GET /lib*': 'the resolver',
  'HEAD /lib*': 'the resolver',
  'GET /events': 'the log of events, or the resolver, which it asks whether there is a page',
  'HEAD /events': 'the same',
  'GET /events/ws': 'the log of events',
  'HEAD /events/ws': 'nothing',
  'GET /@dev-serve/client.js': 'memory',
  'HEAD /@dev-serve/client.js': 'memory',
  'POST /@dev-serve/report': 'memory',
  'GET /@dev-serve': 'memory',
  'HEAD /@dev-serve': 'memory',
  'GET /@dev-serve/': 'memory',
  'HEAD /@dev-serve/': 'memory',
  'GET /@dev-serve/health': 'memory',
  'HEAD /@dev-serve/health': 'memory',
  'GET /@dev-serve/status.js': 'memory',
  'HEAD /@dev-serve/status.js': 'memory',
  'GET /@dev-serve/status.json': 'memory',
  'HEAD /@dev-serve/status.json': 'memory',
};

/** Files that may touch the disk while requests come, and what leads there. */
const READERS: Readonly<Record<string, RegExp>> = {
  'plugins/serve-files.ts': /fallback|list-directory|open-file|resolve/,
  'plugins/dev-serve.ts': /serve-files/,
};

describe('P3: every handler goes through the one resolver', () => {
  it('and there are no handlers but these', async () => {
    const root = await temporarySite({ 'index.html': '' });
    const lib = await temporarySite({ 'a.txt': '' });
    const server = await createDevServer({ root, mount: { '/lib': lib }, spa: true });
    onTestFinished(() => server.close());
    await server.app.ready();
    const routes = routesOf(server.app.printRoutes({ commonPrefix: false }));
    expect(routes.toSorted()).toEqual(Object.keys(HANDLERS).toSorted());
  });

  it('and no other file of a plugin looks for what a request names', () => {
    const imports = sourceFiles('plugins', 'server').flatMap(importsOfFile);
    const finders = /^plugins\/files\/(resolve|find-entry|open-file|list-directory|fallback)\.ts$/;
    const users = imports.filter(({ from, to, isTypeOnly }) => {
      return !isTypeOnly && finders.test(to) && !from.startsWith('plugins/files/');
    });
    expect([...new Set(users.map(({ from }) => from))]).toEqual(['plugins/serve-files.ts']);
    for (const [reader, by] of Object.entries(READERS)) {
      const used = imports.filter(({ from, to }) => from === reader && by.test(to));
      expect([reader, used.length > 0]).toEqual([reader, true]);
    }
  });

  it('and a file is opened in one place, with the check', () => {
    const opening = sourceFiles('plugins/files').filter((path) =>
      /\b(?:createReadStream|readFile|open|openSync)\(/.test(readFileSync(path, 'utf8')),
    );
    expect(opening).toEqual([
      // Beside what the watcher reads.
      'plugins/files/file-descriptor.ts',
      'plugins/files/open-file.ts',
      'plugins/files/open-stepwise.ts',
      'plugins/files/read-fingerprint.ts',
      'plugins/files/read-small.ts',
      'plugins/files/repository.ts',
      'plugins/files/watcher.ts',
    ]);
  });
});

/** The lines of Fastify's own tree of routes, put together to "METHOD /path". */
function routesOf(tree: string): string[] {
  const parts: string[] = [];
  const routes: string[] = [];
  for (const line of tree.split('\n')) {
    const [, indent = '', part = '', methods = ''] =
      /^([│ ]*)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    if (part === '') continue;
    parts.length = indent.length / 4;
    parts.push(part);
    for (const method of methods.split(', ').filter(Boolean)) {
      routes.push(`${method} ${parts.join('')}`);
    }
  }
  return [...new Set(routes)];
}
