import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import {
  findCycle,
  type Import,
  importsOf,
  importsOfFile,
  isBarrel,
  sourceFiles,
} from './support/imports.ts';

const files = sourceFiles('plugins', 'server', 'client');
const imports = files.flatMap(importsOfFile);
const inside = imports.filter(({ isRelative }) => isRelative);
const packages = imports.filter(({ isRelative }) => !isRelative);

/** From top to bottom; the first pattern that fits is the layer of a file. */
const LAYERS: readonly RegExp[] = [
  /^server\/cli/,
  /^server\//,
  /^plugins\/dev-serve\.ts$/,
  /^plugins\/(callbacks|is-served|own-urls|settings-shown)\.ts$/,
  /^plugins\/dev-serve-settings\.ts$/,
  /^plugins\/(?!(errors|guarded|options|page-files|pooled-buffer|printable|refuse|to-error|direct-stream|handler-timeout|hidden-field|reply-stream|send-file|stream-reporter|sync-hooks|vary|websocket-server)\.ts)[^/]+\.ts$/,
  // What more than one plugin does with a request or a reply.
  /^plugins\/(direct-stream|handler-timeout|page-files|refuse|reply-stream|send-file|sync-hooks|websocket-server)\.ts$/,
  // What puts the parts of the core together.
  /^plugins\/events\/((event-)?hub|hub-settings|open-stream)\.ts$/,
  /^plugins\/(sockets\/|testing\/|events\/(channel|subscription|reading|sse-connection|stores)|files\/watcher)/,
  /^plugins\//,
];
const PLUGINS = 5;

const layerOf = (path: string) => LAYERS.findIndex((pattern) => pattern.test(path));
const show = (found: readonly Import[]) => found.map(({ from, to }) => `${from} -> ${to}`);

function violations(found: readonly Import[], isAllowed: (line: Import) => boolean): string[] {
  return show(found.filter((line) => !isAllowed(line)));
}

describe('the layers', () => {
  it('are only ever left downwards', () => {
    const below = inside.filter(({ from, to }) => ![from, to].some(isClient));
    expect(violations(below, ({ from, to }) => layerOf(from) <= layerOf(to))).toEqual([]);
  });

  it('hold no cycle', () => {
    expect(findCycle(inside)).toBeUndefined();
  });

  it('keep plugins from one another, but for what they add to types', () => {
    const between = inside.filter((line) =>
      [line.from, line.to].every((path) => layerOf(path) === PLUGINS),
    );
    expect(violations(between, ({ isTypeOnly }) => isTypeOnly)).toEqual([]);
  });

  it('keep stores from channels', () => {
    const stores = inside.filter(({ from }) => from.startsWith('plugins/events/stores/'));
    expect(violations(stores, ({ to }) => !/channel|hub|stream|source/.test(to))).toEqual([]);
  });

  it('keep the pure folders from one another', () => {
    const folderOf = (path: string) => /^plugins\/([^/]+)\//.exec(path)?.[1];
    const pure = inside.filter(({ from }) => folderOf(from) !== undefined);
    const isAllowed = ({ from, to }: Import) => {
      const [own, other = own] = [folderOf(from), folderOf(to)];
      return own === other || (other === 'events' && ['sockets', 'testing'].includes(own ?? ''));
    };
    expect(violations(pure, isAllowed)).toEqual([]);
  });
});

describe('packages', () => {
  const only = (name: RegExp, place: RegExp) =>
    violations(
      packages.filter(({ to }) => name.test(to)),
      ({ from }) => place.test(from),
    );

  it('of Fastify are known to plugins and what is above them', () => {
    expect(
      only(/^(fastify$|fastify-plugin$|@fastify\/(?!error$))/, /^(plugins\/[^/]+\.ts$|server\/)/),
    ).toEqual([]);
    expect(only(/^@fastify\/error$/, /^plugins\/errors\.ts$/)).toEqual([]);
  });

  it('for WebSockets are known to websocket.ts and what it has upgrades taken by', () => {
    expect(only(/^(ws|@fastify\/websocket)$/, /^plugins\/websocket(-server)?\.ts$/)).toEqual([]);
  });

  it('for watching are known to files/ alone', () => {
    expect(only(/^chokidar$/, /^plugins\/files\//)).toEqual([]);
  });

  it('for watching and for WebSockets are not loaded by an app that only sends events', () => {
    const loaded = reachable('plugins/sse.ts').map(({ to }) => to);
    expect(loaded).toContain('plugins/events/channel.ts');
    expect(
      loaded.filter((name) => /^(chokidar|ws|@fastify\/(websocket|static))$/.test(name)),
    ).toEqual([]);
  });

  it('that few runs of the command need are loaded by these alone', () => {
    const always = reachable('server/cli/desk.ts', isStatic).map(({ to }) => to);
    expect(always).toContain('plugins/dev-serve.ts');
    const few = ['jiti', '@peculiar/x509', 'uqr', 'open', 'lmdb', 'ioredis', 'redis'];
    expect(always.filter((name) => few.includes(name))).toEqual([]);
    const loaded = reachable('server/cli/main.ts').map(({ to }) => to);
    expect(loaded).toEqual(expect.arrayContaining(['jiti', '@peculiar/x509', 'uqr', 'open']));
  });

  it('are unknown to the browser side', () => {
    expect(only(/./, /^(?!client\/)/)).toEqual([]);
  });
});

describe('the browser side', () => {
  it('imports only itself', () => {
    const client = inside.filter(({ from }) => isClient(from));
    expect(violations(client, ({ to }) => isClient(to))).toEqual([]);
  });

  it('lends nothing but types, and these only to the server', () => {
    const loans = inside.filter(({ from, to }) => !isClient(from) && isClient(to));
    const isAllowed = (line: Import) => line.isTypeOnly && line.from.startsWith('server/');
    expect(violations(loans, isAllowed)).toEqual([]);
  });
});

describe('files', () => {
  it('are no barrels, but for the entries of the package', () => {
    const entries = JSON.stringify(packageJson.exports);
    const isEntry = (path: string) => entries.includes(`/dist/${path.replace(/\.ts$/, '.js')}"`);
    const barrels = files.filter((path) => isBarrel(readFileSync(path, 'utf8')));
    expect(barrels.filter((path) => !isEntry(path))).toEqual([]);
  });

  it('stay below 200 lines', () => {
    const lines = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n').length;
    expect(files.filter((path) => lines(path) > 200)).toEqual([]);
  });
});

describe('the reading of import lines', () => {
  it('sees every form', () => {
    const text = `
      import a from 'a';
      // import no from 'comment';
      import {
        b,
      } from './b.ts';
      import type { C } from '../c.ts';
      import 'd';
      export type { E } from './e.ts';
      export const text = 'from nowhere';
      const f = await import('f');
    `.replaceAll('\n      ', '\n');
    const seen = importsOf('plugins/x.ts', text);
    expect(seen.map(({ to }) => to)).toEqual([
      'a',
      'plugins/b.ts',
      'c.ts',
      'd',
      'plugins/e.ts',
      'f',
    ]);
    expect(seen.filter(({ isTypeOnly }) => isTypeOnly).map(({ to }) => to)).toEqual([
      'c.ts',
      'plugins/e.ts',
    ]);
  });

  it('finds a cycle', () => {
    const line = (from: string, to: string) => importsOf(from, `import x from './${to}';`);
    const lines = [...line('a.ts', 'b.ts'), ...line('b.ts', 'c.ts'), ...line('c.ts', 'b.ts')];
    expect(findCycle(lines)).toEqual(['b.ts', 'c.ts', 'b.ts']);
    expect(findCycle(lines.slice(0, 2))).toBeUndefined();
  });

  it('tells a barrel from a file with code', () => {
    expect(isBarrel("/** All. */\nexport { a } from './a.ts';\nexport * from './b.ts';\n")).toBe(
      true,
    );
    expect(isBarrel("export { a } from './a.ts';\nexport const b = 1;\n")).toBe(false);
  });
});

function isClient(path: string): boolean {
  return path.startsWith('client/');
}

const isStatic = ({ isDynamic }: Import) => !isDynamic;

/** All that a file imports when it runs, however indirectly. */
function reachable(
  path: string,
  isFollowed: (line: Import) => boolean = () => true,
  seen = new Set<string>(),
): Import[] {
  if (seen.has(path)) return [];
  seen.add(path);
  const own = imports.filter((line) => line.from === path && !line.isTypeOnly && isFollowed(line));
  return [...own, ...own.flatMap(({ to }) => reachable(to, isFollowed, seen))];
}
