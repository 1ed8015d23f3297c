import { expect, onTestFinished } from 'vitest';
import type { Advisory } from '../advisory.ts';
import { LocalTarget } from '../arena/arena.ts';
import type { Answer, Target } from '../arena/target.ts';

const EVIL = 'https://evil.example';
const PATHS = [
  ...['/', '/app.js', '/site.css', '/docs', '/docs/', '/list/', '/missing', '/.env', '/%', '//x'],
  ...['/@dev-serve/client.js', '/@dev-serve/status.json', '/@dev-serve/', '/@dev-serve/health'],
  ...['/@dev-serve/status.js', '/@dev-serve/report', '/@dev-serve/none'],
];

const corsOf = ({ headers }: Answer) =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));

/** The head of an answer that goes on. */
async function headOf(target: Target, lines: readonly string[]): Promise<string> {
  const socket = target.connect();
  const text = await target.shake(socket, [...lines, `Host: ${target.host}`]);
  socket.destroy();
  return text.toLowerCase();
}

async function start(root: string, cors: boolean | readonly string[]): Promise<LocalTarget> {
  const target = await LocalTarget.start({ root, cors });
  onTestFinished(() => target.end());
  return target;
}

/** Who may read what is answered. */
export const cors: readonly Advisory[] = [
  {
    ids: ['CVE-2025-30359', 'CVE-2026-6402', 'CVE-2025-24361'],
    product: 'webpack-dev-server, nuxt',
    cause: 'a classic script of another site could load the code; Sec-Fetch headers were relied on',
    promise: 'every answer keeps itself from pages of other sites, streams and refusals included',
    async probe({ dev }) {
      const own = {
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
      };
      for (const accept of ['*/*', 'text/html']) {
        const answers = await dev.askAll(PATHS, { headers: { accept } });
        answers.forEach(({ headers }, index) => {
          expect(headers, `${PATHS[index]} as ${accept}`).toMatchObject(own);
        });
      }
      const refused = await dev.ask('/', { headers: { host: 'evil.example' } });
      expect(refused.headers).toMatchObject(own);
      const line = 'cross-origin-resource-policy: same-origin';
      expect(await headOf(dev, ['GET /events HTTP/1.1', 'Accept: text/event-stream'])).toContain(
        line,
      );
      const foreign = { accept: 'text/event-stream', 'sec-fetch-site': 'cross-site' };
      expect((await dev.ask('/events', { headers: foreign })).status).toBe(403);
    },
  },
  {
    ids: ['GHSA-67mh-4wv8-2f99'],
    product: 'esbuild',
    cause: '"Access-Control-Allow-Origin: *" stood in every answer, event streams included',
    promise: 'no answer has an Access-Control header, whatever asks for one',
    async probe({ dev }) {
      const asked = { origin: `http://${dev.host}`, 'access-control-request-method': 'GET' };
      for (const method of ['GET', 'OPTIONS']) {
        for (const answer of await dev.askAll(PATHS, { method, headers: asked })) {
          expect(corsOf(answer)).toEqual([]);
        }
      }
      const stream = ['GET /events HTTP/1.1', `Origin: http://${dev.host}`];
      expect(await headOf(dev, stream)).not.toContain('access-control-');
    },
  },
  {
    ids: ['CVE-2025-56648', 'GHSA-qm9p-f9j5-w83w'],
    product: 'parcel',
    cause: 'any site could read the answers; the remedy was a flag that is off',
    promise: 'no flag is needed to keep others out: one is needed to let them in',
    async probe({ dev, folder }) {
      const headers = { origin: EVIL };
      expect(corsOf(await dev.ask('/app.js', { headers }))).toEqual([]);
      const open = await start(folder.root, [EVIL]);
      expect((await open.ask('/app.js', { headers })).headers).toMatchObject({
        'access-control-allow-origin': EVIL,
      });
      const other = { origin: `${EVIL}.example` };
      expect(corsOf(await open.ask('/app.js', { headers: other }))).toEqual([]);
    },
  },
  {
    ids: ['CVE-2026-54290', 'CVE-2020-28481'],
    product: 'hono, socket.io',
    cause: 'any Origin was sent back as allowed, with credentials',
    promise:
      'no origin is sent back that was not named, none gets credentials or a private network',
    async probe({ folder }) {
      const [local, any] = [await start(folder.root, true), await start(folder.root, ['*'])];
      const refused = ['null', EVIL, 'http://localhost.evil.example', 'http://evillocalhost:1'];
      const more = [
        'http://127.0.0.1.evil.example',
        'http://[::1].evil.example',
        'x',
        'http://a b',
      ];
      for (const origin of [...refused, ...more, '__proto__', 'constructor', 'toString']) {
        const asked = {
          ...{ origin, 'access-control-request-method': 'GET' },
          'access-control-request-private-network': 'true',
        };
        for (const method of ['GET', 'OPTIONS']) {
          expect(corsOf(await local.ask('/app.js', { method, headers: asked })), origin).toEqual(
            [],
          );
          const { headers } = await any.ask('/app.js', { method, headers: asked });
          expect(headers['access-control-allow-origin']).toBe('*');
          expect(headers).not.toHaveProperty('access-control-allow-credentials');
          expect(headers).not.toHaveProperty('access-control-allow-private-network');
        }
      }
    },
  },
];
