import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Advisory } from '../advisory.ts';
import { CANARY, SECRET } from '../arena/folder.ts';
import type { Target } from '../arena/target.ts';

const REFUSED = [
  ...[
    'null',
    'file://',
    'chrome-extension://abcdefghijklmnop',
    'https://evil.example',
    'about:blank',
  ],
  ...[
    'http://localhost.evil.example',
    'http://evillocalhost',
    'ws://127.0.0.1',
    'http://',
    'x',
    '*',
  ],
];

/** Says something to the reload socket; resolves to what came back and to how it was closed. */
async function talk(target: Target, data: string | Buffer) {
  const socket = new WebSocket(`ws://${target.host}/events/ws`, 'dev-serve');
  onTestFinished(() => socket.terminate());
  const frames: string[] = [];
  socket.on('message', (frame) => frames.push(String(frame)));
  await once(socket, 'open');
  socket.send(data);
  const [code, reason] = await once(socket, 'close');
  return { text: frames.join('\n'), code: Number(code), reason: String(reason) };
}

/** Origins of WebSockets, and what may be said over them. */
export const websocket: readonly Advisory[] = [
  {
    ids: ['CVE-2018-14732', 'GHSA-cf66-xwfp-gvc4'],
    product: 'webpack-dev-server',
    cause: 'the socket took any Origin',
    promise: 'a page of another origin gets 403 and no 101',
    async probe({ dev }) {
      for (const origin of REFUSED) {
        const { status } = await dev.upgrade('/events/ws', `Origin: ${origin}`);
        expect(status, origin).toBe(403);
      }
      expect((await dev.upgrade('/events/ws', `Origin: http://${dev.host}`)).status).toBe(101);
      expect((await dev.upgrade('/events/ws')).status).toBe(101);
    },
  },
  {
    ids: ['CVE-2025-30360', 'GHSA-9jgg-88mc-972h'],
    product: 'webpack-dev-server',
    cause: 'an Origin that was an IP address was always taken',
    promise: 'an address is an origin like any other, and so is its port',
    async probe({ dev }) {
      const others = [
        '203.0.113.1',
        `203.0.113.1:${dev.port}`,
        '127.0.0.1',
        '127.0.0.1:1',
        '[::1]',
      ];
      const more = [`127.0.0.2:${dev.port}`, `[::1]:${dev.port}`, `localhost:${dev.port}`];
      for (const host of [...others, ...more]) {
        const { status } = await dev.upgrade('/events/ws', `Origin: http://${host}`);
        expect(status, host).toBe(403);
        const headers = { origin: `http://${host}`, accept: 'text/event-stream' };
        expect((await dev.ask('/events', { headers })).status, host).toBe(403);
      }
    },
  },
  {
    ids: ['CVE-2026-27977', 'GHSA-jcc7-9wpm-mj36'],
    product: 'next',
    cause: '"Origin: null" was taken for the own site',
    promise: 'the origin of sandboxed frames and local files is refused',
    async probe({ dev }) {
      for (const origin of ['null', 'NULL', 'null, http://localhost', '"null"', 'file://null']) {
        expect((await dev.upgrade('/events/ws', `Origin: ${origin}`)).status).toBe(403);
        const headers = { origin, accept: 'text/event-stream' };
        expect((await dev.ask('/events', { headers })).status).toBe(403);
      }
    },
  },
  {
    ids: ['CVE-2026-39363', 'GHSA-p9ff-h696-f583'],
    product: 'vite',
    cause: 'a method over the socket read files past the rules for HTTP',
    promise: 'the reload socket takes no command: whatever it is sent closes it with 1008',
    async probe({ dev }) {
      const data = { name: 'fetchModule', id: 'send', data: ['/.env?raw', '', {}] };
      const invoke = { type: 'custom', event: 'vite:invoke', data };
      for (const said of [JSON.stringify(invoke), '/.env', '', Buffer.from([0, 1, 2])]) {
        const { text, code, reason } = await talk(dev, said);
        expect([code, reason]).toEqual([1008, '']);
        expect(text).not.toContain(SECRET);
      }
    },
  },
  {
    ids: ['CVE-2026-27148', 'GHSA-mjf5-7g4m-gx5w', 'CVE-2025-24964'],
    product: 'storybook, vitest',
    cause: 'any page could write files over the socket, and have them run',
    promise: 'nothing that is said to the reload socket reaches the disk',
    async probe({ dev, folder }) {
      const before = await readdir(folder.path, { recursive: true });
      const save = { t: 'q', m: 'saveTestFile', a: [`${folder.root}/evil.test.js`, 'evil'] };
      const story = { type: 'saveStoryRequest', args: [{ csfId: 'a', importPath: './evil.js' }] };
      const rerun = { t: 'q', m: 'rerun', a: [[`${folder.root}/app.js`]] };
      for (const said of [save, story, rerun]) {
        const { code } = await talk(dev, JSON.stringify(said));
        expect(code).toBe(1008);
      }
      expect(await readdir(folder.path, { recursive: true })).toEqual(before);
      expect((await dev.upgrade('/events/ws', 'Origin: http://localhost:6006')).status).toBe(403);
    },
  },
  {
    ids: ['CVE-2016-1000305'],
    product: 'guard-livereload',
    cause: 'a client could name a file to be read',
    promise: 'the reload route serves one script, and nothing that a request names',
    async probe({ dev }) {
      const { text, headers } = await dev.ask('/@dev-serve/client.js');
      expect(headers['content-type']).toContain('javascript');
      const queries = ['?/etc/passwd', '?path=../canary.txt', '?file=/.env', '?__proto__=x'];
      for (const query of queries) {
        expect((await dev.ask(`/@dev-serve/client.js${query}`)).text).toBe(text);
      }
      for (const path of [
        '/livereload.js',
        '/livereload',
        '/_livereload',
        '/@dev-serve/canary.txt',
      ]) {
        expect((await dev.ask(`${path}?path=../canary.txt`)).status).toBe(404);
      }
      const command = { command: 'reload', path: '../canary.txt', liveCSS: true };
      expect((await talk(dev, JSON.stringify(command))).text).not.toContain(CANARY);
    },
  },
];
