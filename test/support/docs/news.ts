import type { Page } from 'playwright-core';
import type { useChromium } from '../chromium.ts';
import type { Project } from './project.ts';

/** Sends JSON, and reads what comes back. */
export async function post(
  project: Project,
  path: string,
  data: unknown,
  method = 'POST',
): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(data);
  const response = await fetch(project.url + path, { method, headers, body });
  return response.json();
}

/** Opens a page beside a channel at `/news`; what is posted there becomes a headline. */
export async function visitPage(
  chromium: ReturnType<typeof useChromium>,
  project: Project,
  html: string,
  visit: (page: Page) => Promise<void>,
  more = '',
): Promise<void> {
  // In a file: a bundle has numbers and calls that are not those of the program.
  await project.write('page.html', `<!doctype html><body>${html}`);
  const server = await project.app(`
    import { createReadStream } from 'node:fs';
    const news = app.channel('news');
    app.get('/', (_, reply) => reply.type('text/html').send(createReadStream('page.html')));
    app.get('/news', (_, reply) => reply.sse(news));
    app.post('/news', (request) =>
      news.publish({ event: 'headline', data: request.body }).then((id) => ({ id })));
    ${more}
  `);
  await project.answers(server);
  const context = await chromium.newContext();
  await visit(await context.newPage());
  await context.close();
  await server.kill();
}
