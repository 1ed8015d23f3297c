import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDevServer, type DevServerOptions } from '../../server/create-dev-server.ts';
import { temporarySite } from '../support/temporary-site.ts';

const FILES = {
  'index.html': '<p>home',
  'x.txt': 'public',
  '.hidden': 'dot',
  '.vscode/settings.json': 'dot',
  'sub/.x.txt': 'dot',
  '.well-known/a.txt': 'public',
  '.well-known/.b': 'dot',
  '.env': 'secret',
  '.env.local': 'secret',
  'sub/.ENV.Test': 'secret',
  '.npmrc': 'secret',
  '.git/config': 'secret',
  'sub/.git/HEAD': 'secret',
  'server.key': 'secret',
  'sub/Server.PEM': 'secret',
  'sub/a.p12': 'secret',
};

const PUBLIC = ['/', '/x.txt', '/.well-known/a.txt'];
const DOT = ['/.hidden', '/.vscode/settings.json', '/sub/.x.txt', '/.well-known/.b'];
const PLAIN_SECRETS = ['/server.key', '/sub/Server.PEM', '/sub/a.p12'];
const DOT_SECRETS = [
  ...['/.env', '/.env.local', '/sub/.ENV.Test', '/.npmrc', '/.git/config', '/sub/.git/HEAD'],
];
const ALL = [...PUBLIC, ...DOT, ...PLAIN_SECRETS, ...DOT_SECRETS];

type Options = Omit<DevServerOptions, 'root'>;

async function site(root: string, options: Options) {
  const { app, close } = await createDevServer({ ...options, root });
  onTestFinished(close);
  return async (url: string) => {
    const { statusCode, body, headers } = await app.inject({
      url,
      headers: { accept: 'text/html' },
    });
    return { status: statusCode, body, type: headers['content-type'] };
  };
}

const namesIn = (list: string) =>
  [...list.matchAll(/<a href="\.\/([^"]*)"/g)].map(([, name]) => name);

describe('D1, D2: with', () => {
  it.each<[Options, readonly string[]]>([
    [{}, PUBLIC],
    [{ dotfiles: true }, [...PUBLIC, ...DOT]],
    [{ sensitiveFiles: true }, [...PUBLIC, ...PLAIN_SECRETS]],
    [{ dotfiles: true, sensitiveFiles: true }, ALL],
  ])(
    'the options %j exactly these are served, listed, and nothing tells of the others',
    async (options, served) => {
      const root = await temporarySite(FILES);
      const ask = await site(root, options);
      const missing = await ask('/missing');
      for (const url of ALL) {
        const answer = await ask(url);
        if (served.includes(url)) expect([url, answer.status]).toEqual([url, 200]);
        else expect([url, answer]).toEqual([url, missing]);
      }
      const listed = namesIn((await ask('/sub/')).body).map((name) =>
        `/sub/${name}`.replace(/\/$/, ''),
      );
      const inSub = [...new Set(served.flatMap((url) => /^\/sub\/[^/]+/.exec(url) ?? []))];
      expect(listed.toSorted()).toEqual(inSub.toSorted());
    },
  );

  it('none of them a link shows what is hidden or sensitive under another name', async () => {
    const root = await temporarySite(FILES);
    for (const [name, target] of [
      ['env.txt', '.env'],
      ['key.txt', 'server.key'],
      ['git', '.git'],
      ['dot.txt', '.hidden'],
    ]) {
      await symlink(target ?? '', join(root, name ?? ''));
    }
    const urls = ['/env.txt', '/key.txt', '/git/config', '/dot.txt'];
    const plain = await site(root, {});
    for (const url of urls) expect([url, (await plain(url)).status]).toEqual([url, 404]);
    const open = await site(root, { dotfiles: true, followSymlinks: true });
    const statuses = await Promise.all(urls.map(async (url) => (await open(url)).status));
    expect(statuses).toEqual([404, 404, 404, 200]);
  });
});

describe('S1: links out of the root', () => {
  async function linked() {
    const outside = await realpath(
      await temporarySite({
        'a.txt': 'outside',
        'sub/index.html': '<p>outside',
        'sub/.hidden': 'dot',
        'server.key': 'secret',
        '.env': 'secret',
        '.store/lib.js': 'lib',
        'repository/.git/config': 'secret',
      }),
    );
    const root = await temporarySite({ 'index.html': '<p>home', 'own/x.txt': '' });
    for (const [name, target] of [
      ['a.txt', 'a.txt'],
      ['sub', 'sub'],
      ['key.txt', 'server.key'],
      ['env.txt', '.env'],
      ['lib.js', '.store/lib.js'],
      ['git', 'repository/.git'],
      ['all', ''],
      ['own/index.html', 'sub/index.html'],
      ['404.html', 'sub/index.html'],
    ]) {
      await symlink(join(outside, target ?? ''), join(root, name ?? ''));
    }
    await symlink('nowhere', join(root, 'dangling'));
    await symlink('loop', join(root, 'loop'));
    return { root, outside };
  }
  const SERVED = ['/a.txt', '/sub/', '/lib.js', '/all/a.txt', '/all/sub/', '/own/'];
  const NEVER = [
    ...['/key.txt', '/env.txt', '/git/config', '/all/server.key', '/all/.env', '/sub/.hidden'],
    ...['/all/repository/.git/config', '/dangling', '/loop'],
  ];

  it('are missing, as an index and as a 404 page too, and in no list', async () => {
    const { root } = await linked();
    const ask = await site(root, {});
    for (const url of [...SERVED, ...NEVER].filter((each) => each !== '/own/')) {
      const { status, body } = await ask(url);
      expect([url, status, /outside|secret|dot|^lib/.test(body)]).toEqual([url, 404, false]);
    }
    const list = await ask('/own/');
    expect([list.status, namesIn(list.body)]).toEqual([200, ['x.txt']]);
  });

  it('are served with followSymlinks, but for what says that it is sensitive', async () => {
    const { root, outside } = await linked();
    const ask = await site(root, { followSymlinks: true });
    for (const url of SERVED) expect([url, (await ask(url)).status]).toEqual([url, 200]);
    for (const url of NEVER) {
      const { status, body } = await ask(url);
      expect([url, status, body.includes('secret')]).toEqual([url, 404, false]);
    }
    expect((await ask('/sub')).status).toBe(301);
    const list = await ask('/all/');
    expect(namesIn(list.body)).toEqual(['repository/', 'sub/', 'a.txt']);
    expect(list.body).not.toContain(outside);
    expect((await ask('/missing')).body).toContain('outside');
  });

  it('do not matter for the root, which may be a link itself', async () => {
    const { root } = await linked();
    const place = await temporarySite({});
    await symlink(root, join(place, 'site'));
    const ask = await site(join(place, 'site'), {});
    expect([(await ask('/')).status, (await ask('/a.txt')).status]).toEqual([200, 404]);
    await mkdir(join(root, 'later'));
    await writeFile(join(root, 'later/x.txt'), 'x');
    expect((await ask('/later/x.txt')).status).toBe(200);
  });
});
