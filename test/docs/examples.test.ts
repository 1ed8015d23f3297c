import { expect } from 'vitest';
import { needs, type Runner, runBlocks } from '../support/docs/run-blocks.ts';
import { python } from '../support/peers/programs.ts';

const soon = { timeout: 10_000 };

const fastifyApp: Runner = async (block, project) => {
  const server = project.command(block.text);
  await project.answers(server);
  expect(await project.page()).toMatch(/<script src="\/@dev-serve.*<h1>Hello<\/h1>/s);
};

const clients: Runner = async (block, project) => {
  const [watch = '', view = '', list = ''] = block.text.trim().split('\n');
  for (const line of [watch, view]) {
    const server = project.command(line);
    await expect.poll(() => server.output, soon).toContain('Ctrl-C to stop');
  }
  const page = await fetch(`http://localhost:${project.port + 1}/sse.html`);
  expect(await page.text()).toContain('new EventSource(');
  const client = project.command(list);
  const edit = async () => {
    await project.write('fixtures/site/css/site.css', `/* ${Math.random()} */`);
    return client.output;
  };
  await expect.poll(edit, soon).toContain('write /css/site.css\n');
};

runBlocks('examples/README.md', { 'fastify-app': fastifyApp, clients: needs(python, clients) });
