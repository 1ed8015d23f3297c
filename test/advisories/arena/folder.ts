import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** In files that lie outside of the root. */
export const CANARY = `CANARY-${randomBytes(12).toString('hex')}`;
/** In files inside the root that nobody may read. */
export const SECRET = `SECRET-${randomBytes(12).toString('hex')}`;

/** Names of files that are HTML, or worse, when they are not escaped. */
export const HOSTILE_NAMES = [
  '<img src=x onerror=alert(1)>.txt',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '&lt;b&gt;.txt',
  '#top?x=%2f..%2f',
  'turned\u202egpj.exe',
] as const;

/** Names that no request can get at, so that no list shows them. */
export const UNLISTED_NAMES = ['javascript:alert(1)', 'line\nbreak\r.txt', 'data:,x'] as const;

/** Files inside the root, and links in it, that every request has to be refused. */
export const DENIED = [
  ...['/.env', '/.env.local', '/.npmrc', '/.git/config', '/docs/.git/config', '/.well-known/.env'],
  ...['/server.key', '/UPPER.KEY', '/Cert.Pem', '/docs/server.key', '/.ENV.PRODUCTION'],
  ...['/out.txt', '/chain.txt', '/absolute.txt', '/out/canary.txt', '/out/', '/page'],
  ...['/page.html', '/linked-404/missing', '/visible.txt', '/visible-key.txt'],
] as const;

const FILES: Readonly<Record<string, string>> = {
  'canary.txt': CANARY,
  'canary.html': `<!doctype html><title>${CANARY}</title>`,
  'site-secrets/canary.txt': CANARY,
  'site-secrets/index.html': `<!doctype html><title>${CANARY}</title>`,
  'site/index.html': '<!doctype html><title>home</title><p>home',
  'site/app.js': 'globalThis.app = 1;\n',
  'site/site.css': 'p { color: red }\n',
  'site/docs/index.html': '<!doctype html><title>docs</title>',
  'site/docs/guide.html': '<!doctype html><title>guide</title>',
  'site/lib/a.txt': 'below the root',
  'site/.well-known/security.txt': 'Contact: nobody',
  'site/a%2eb.txt': 'a name with a percent sign',
  'site/__proto__/index.html': '<!doctype html><title>proto</title>',
  'site/constructor': 'a file named constructor',
  'mounted/a.txt': 'mounted',
  'mounted-secrets/canary.txt': CANARY,
};

const LINKS: Readonly<Record<string, string>> = {
  'site/out.txt': '../canary.txt',
  'site/out': '../site-secrets',
  'site/chain.txt': 'out.txt',
  'site/page.html': '../canary.html',
  'site/linked-index/index.html': '../../canary.html',
  'site/linked-404/404.html': '../../canary.html',
  'site/loop.txt': 'loop.txt',
  'site/dangling.txt': 'nowhere.txt',
  'site/visible.txt': '.env',
  'site/visible-key.txt': 'server.key',
  'site/inside.js': 'app.js',
};

/** A folder to be served, with all in it and beside it that an attacker would like to have. */
export interface Folder {
  readonly path: string;
  readonly root: string;
  /** Served below `/lib`; `mounted-secrets` is beside it. */
  readonly mounted: string;
  remove(): Promise<void>;
}

export async function makeFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'dev-serve-advisories-'));
  const place = async (name: string) => {
    await mkdir(dirname(join(path, name)), { recursive: true });
    return join(path, name);
  };
  for (const [name, text] of Object.entries(FILES)) await writeFile(await place(name), text);
  const hidden = DENIED.slice(0, DENIED.indexOf('/out.txt'));
  for (const name of hidden) await writeFile(await place(`site${name}`), SECRET);
  for (const name of [...HOSTILE_NAMES, ...UNLISTED_NAMES]) {
    await writeFile(await place(`site/list/${name}`), '');
  }
  for (const [name, target] of Object.entries(LINKS)) await symlink(target, await place(name));
  await symlink(join(path, 'canary.txt'), join(path, 'site/absolute.txt'));
  await writeFile(join(path, 'site/large.bin'), '');
  await truncate(join(path, 'site/large.bin'), 64 * 1024 * 1024);
  return {
    path,
    root: join(path, 'site'),
    mounted: join(path, 'mounted'),
    remove: () => rm(path, { recursive: true, force: true }),
  };
}
