import { expect } from 'vitest';
import type { Project } from '../support/docs/project.ts';
import { needs, type Runner, runBlocks } from '../support/docs/run-blocks.ts';
import { curl, python } from '../support/peers/programs.ts';

const soon = { timeout: 20_000 };

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

/** Starts the server of a block; the lines after it, each to be run when its turn has come. */
async function serve(text: string, project: Project) {
  const [start = '', ...lines] = text.trim().split('\n');
  const server = project.command(start);
  await expect.poll(() => server.output, soon).toMatch(/^http:/);
  return lines.map((line) => () => project.command(line));
}

const rooms: Runner = async (block, project) => {
  const [follow, say] = await serve(block.text, project);
  const stream = follow?.();
  say?.();
  await expect.poll(() => stream?.output, soon).toMatch(/data: {"text":"hello","at":\d+}\n/);
  expect(await project.page('/?room=tea')).toContain('<title>Rooms</title>');
};

const ticker: Runner = async (block, project) => {
  const [follow, note, evict] = await serve(block.text, project);
  const stream = follow?.();
  await expect.poll(() => stream?.output, soon).toContain('event: tick\n');
  expect(await note?.().ended()).toBe(0);
  await expect.poll(() => stream?.output, soon).toContain('data: {"text":"only you"}\n');
  expect(await evict?.().ended()).toBe(0);
  expect(await stream?.ended()).toBe(0);
};

const timeStream: Runner = async (block, project) => {
  const [follow] = await serve(block.text, project);
  const stream = follow?.();
  const seconds = () => stream?.output.match(/^event: second$/gm)?.length;
  await expect.poll(seconds, soon).toBeGreaterThan(10);
};

const jobProgress: Runner = async (block, project) => {
  await serve(block.text, project);
  expect(await project.page()).toContain('<progress');
};

const metrics: Runner = async (block, project) => {
  const [scrape] = await serve(block.text, project);
  const command = scrape?.();
  await command?.ended();
  expect(command?.output).toContain('\nsse_streams 0\n');
};

runBlocks('examples/README.md', {
  'fastify-app': fastifyApp,
  clients: needs(python, clients),
  rooms: needs(curl, rooms),
  ticker: needs(curl, ticker),
  'time-stream': needs(curl, timeStream),
  'job-progress': jobProgress,
  metrics: needs(curl, metrics),
});
