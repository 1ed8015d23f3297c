import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { BrowserContext, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type { Change, PageOptions } from '../../client/protocol.ts';

export interface UpdatesPageOptions {
  /** URL path with query of the page. @default '/' */
  readonly path?: string;
  /** URL path of the file that the page is. @default the path */
  readonly file?: string;
  readonly options?: Partial<PageOptions>;
  /** Of the page. @default 200 */
  readonly status?: number;
  /** Sent with every response. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a page says to changes of the files that it is made of, without a server that tells them. */
export interface UpdatesPage {
  readonly tab: Page;
  /** The files that are served, by URL path; what is not among them is answered by 404. */
  readonly files: Record<string, string | Buffer>;
  /** URL paths with query of the requests that were made, the page's and the client's. */
  readonly requests: string[];
  readonly url: string;
  /** Tells the page of a change and resolves to what it does, when it has done so. */
  apply(change: Partial<Change> & Pick<Change, 'path'>): Promise<string>;
  /** Answers requests for this path only once the function that is returned has been called. */
  hold(path: string): () => void;
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css',
  js: 'text/javascript',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
  vtt: 'text/vtt',
};

const bundle = build({
  stdin: {
    contents: `import { Updates } from './updates.ts';
      globalThis[Symbol.for('dev-serve')] = true;
      globalThis.missed = [];
      globalThis.updates = new Updates(options, file, ({ path }) => missed.push(path));`,
    resolveDir: fileURLToPath(new URL('../../client', import.meta.url)),
  },
  bundle: true,
  write: false,
  format: 'iife',
  target: 'es2022',
}).then(({ outputFiles }) => outputFiles[0]?.text ?? '');

/** Opens a page that has nothing of the client but the decisions about changes. */
export async function openUpdatesPage(
  context: BrowserContext,
  initial: Readonly<Record<string, string | Buffer>>,
  {
    path = '/',
    file = path.replace(/\/$/, '/index.html'),
    options = {},
    status = 200,
    headers = {},
  }: UpdatesPageOptions = {},
): Promise<UpdatesPage> {
  const files: Record<string, string | Buffer> = { ...initial };
  const requests: string[] = [];
  const held = new Map<string, Promise<void>>();
  const settings = { base: '/', watched: [], isProxied: false, ...options };
  const client = `((options, file) => {${await bundle}})(${JSON.stringify(settings)}, ${JSON.stringify(file)})`;
  const server = createServer(async ({ url = '' }, response) => {
    if (url === '/client.js') {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(client);
      return;
    }
    requests.push(url);
    if (url.startsWith('/redirect/to/')) {
      response.writeHead(302, { location: url.slice('/redirect/to'.length) }).end();
      return;
    }
    const [requested = ''] = url.split('?');
    const name = decodeURIComponent(requested.replace(/\/$/, '/index.html'));
    // What is sent is what was there when it was asked for.
    const content = files[name];
    await held.get(name);
    if (content === undefined) {
      response.writeHead(404, { 'content-type': 'text/html' }).end();
      return;
    }
    const type = url === path ? TYPES.html : TYPES[name.split('.').at(-1) ?? ''];
    response.writeHead(url === path ? status : 200, {
      'content-type': type ?? 'application/octet-stream',
      'cache-control': 'no-cache',
      ...headers,
    });
    response.end(content);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const tab = await context.newPage();
  const url = `http://127.0.0.1:${port}`;
  await tab.goto(url + path);
  return {
    tab,
    files,
    requests,
    url,
    apply: (change) =>
      tab.evaluate(
        async (given) => {
          const update = Reflect.get(window, 'updates').apply(given);
          await update.shown;
          return update.act;
        },
        { operation: 'write', timestamp: Date.now(), ...change },
      ),
    hold(name) {
      let release = (): void => {};
      held.set(
        name,
        new Promise((resolve) => {
          release = resolve;
        }),
      );
      return release;
    },
  };
}

/** A page whose first element is the client. */
export const pageWith = (head: string, body = ''): string =>
  `<!doctype html><html><head><script src="/client.js"></script>${head}</head><body>${body}</body></html>`;
