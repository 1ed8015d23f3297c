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

/** What tells of files, and neither opens nor changes one. */
const LOOKS: ReadonlySet<string> = new Set([
  ...['access', 'accessSync', 'constants', 'existsSync', 'lstat', 'lstatSync', 'readlinkSync'],
  ...['realpath', 'realpathSync', 'stat', 'statSync', 'statfs'],
  // Of what is open already.
  ...['closeSync', 'fstatSync', 'readSync'],
]);

/** All files that do more with the disk, and why they may. */
const OPENERS: Readonly<Record<string, string>> = {
  'plugins/client-script.ts': 'a file of the package, once',
  'plugins/status.ts': 'a file of the package, once',
  'plugins/events/stores/durable/database.ts': 'the folder that the store was given',
  'plugins/events/stores/durable/listener.ts': 'the folder that the store was given',
  'plugins/events/stores/durable/mark-file.ts': 'the folder that the store was given',
  'plugins/events/stores/durable/owner.ts': 'the folder that the store was given',
  'plugins/files/file-descriptor.ts': 'what opens for open-file and open-stepwise, see below',
  'plugins/files/list-directory.ts': 'a folder that the resolver has found',
  'plugins/files/census.ts': 'the watcher: names and hashes, never shown',
  'plugins/files/file-watcher.ts': 'the watcher: names',
  'plugins/files/read-fingerprint.ts': 'the watcher: hashes, never shown',
  'plugins/files/read-small.ts': 'the watcher: hashes, never shown',
  'plugins/files/content-of.ts': 'the watcher: hashes and .gitignore, never shown',
  'plugins/files/watcher.ts': 'the watcher: whether a file can be opened at all',
  'server/cli.ts': 'a file of the package, at the start',
  'server/cli/config-file.ts': 'the configuration, at the start',
  'server/cli/foreground.ts': 'what the system says of this process',
  'server/code-cache.ts': 'a cache of compiled code, in a folder of the user',
  'server/tls/certificate-cache.ts': 'the certificate, in a folder of the user',
  'server/tls/given-certificate.ts': 'the certificate that the options name, at the start',
  'server/tls/mkcert.ts': "mkcert's authority, at the start",
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
    const doing = sourceFiles('plugins', 'server').filter((path) => {
      return importedFromFs(path).some((name) => !LOOKS.has(name));
    });
    expect(doing.toSorted()).toEqual(Object.keys(OPENERS).toSorted());
  });

  it('and what is opened there is asked for by the resolver and by the watcher alone', () => {
    const openers = new Set(
      Object.keys(OPENERS).filter((path) => path.startsWith('plugins/files/')),
    );
    const users = sourceFiles('plugins', 'server')
      .flatMap(importsOfFile)
      .filter(({ from, to, isTypeOnly }) => {
        return !isTypeOnly && openers.has(to) && !from.startsWith('plugins/files/');
      });
    expect(users.map(({ from, to }) => `${from} > ${to}`)).toEqual([
      'plugins/serve-files.ts > plugins/files/list-directory.ts',
      'plugins/watch.ts > plugins/files/watcher.ts',
    ]);
    const opening = sourceFiles('plugins', 'server').filter((path) =>
      readFileSync(path, 'utf8').includes('FileDescriptor.open('),
    );
    expect(opening).toEqual(['plugins/files/open-file.ts', 'plugins/files/open-stepwise.ts']);
  });
});

/** What is imported from the modules of Node that reach the disk: `*` for all of one. */
function importedFromFs(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  const statements = text.matchAll(
    /^(?:import|export)\s([^;]*?)\sfrom\s+'(?:node:)?fs(?:\/promises)?'/gm,
  );
  const named = [...statements].flatMap(([, clause = '']) => {
    if (clause.startsWith('type ')) return [];
    const list = /^\{([^}]*)\}$/.exec(clause)?.[1];
    return list?.split(',') ?? ['*'];
  });
  const hidden = /(?:import|require|getBuiltinModule)\(\s*'(?:node:)?fs\b/.test(text) ? ['*'] : [];
  return [...named, ...hidden]
    .map((name) => name.trim().replace(/ as .*/, ''))
    .filter((name) => name !== '' && !name.startsWith('type '));
}

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
