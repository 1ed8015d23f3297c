// npm ci && node --watch examples/fastify-app/server.js
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import devServe from 'dev-serve';
import Fastify from 'fastify';

const views = join(import.meta.dirname, 'views');
const app = Fastify({ logger: { level: 'warn' } });

// Below `public` is served and watched; the templates are only watched.
await app.register(devServe, { root: join(import.meta.dirname, 'public'), watch: [views] });

const greeting = 'Hello';

app.get('/', async (_request, reply) => {
  const page = await render('home.html', { greeting, node: process.version });
  return reply.type('text/html; charset=utf-8').send(page);
});

app.get('/api/time', () => ({ now: new Date().toISOString() }));

/** The template with each `{{name}}` replaced by its value, read anew for every request. */
async function render(name, values) {
  const template = await readFile(join(views, name), 'utf8');
  return template.replace(/\{\{(\w+)\}\}/g, (_, key) => escapeHtml(String(values[key] ?? '')));
}

function escapeHtml(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`);
}

console.log(await app.listen({ port: Number(process.env.PORT ?? 3000) }));
