import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import { startBackend } from '../support/docs/backend.ts';
import { followFolder, startServer } from '../support/docs/follow-folder.ts';
import { dataOf, listen } from '../support/docs/listen.ts';
import { post } from '../support/docs/news.ts';
import { type Runner, runBlocks } from '../support/docs/run-blocks.ts';

const soon = { timeout: 20_000 };

const folder: Runner = (block, project) => followFolder(block.text, project, 'site');

const backend: Runner = async (block, project) => {
  const { port } = await startBackend('<!doctype html><title>backend</title>');
  const server = await startServer(block.text.replace('8000', `${port}`), project);
  expect(await project.page()).toMatch(/<script src="\/@dev-serve.*<title>backend/);
  await project.write('views/home.html', 'other');
  await expect.poll(() => server.output, soon).toContain('write   /home.html');
};

const tryIt: Runner = async (block, project) => {
  const [install = '', serve = ''] = block.text.split(' && ');
  // The real thing would take node_modules away from under this very run.
  const rehearsal = `${install} --dry-run --ignore-scripts --offline`;
  expect(spawnSync('sh', ['-c', rehearsal], { encoding: 'utf8' })).toMatchObject({ status: 0 });
  await followFolder(serve, project, 'fixtures/site');
};

const testIt: Runner = async (block) => {
  const oneFile = `${block.text.trim()} -- test/html/decision.test.ts`;
  const env = { ...process.env, SKIP_BUILD: 'true', NO_COLOR: '1' };
  const { stdout } = spawnSync('sh', ['-c', oneFile], { encoding: 'utf8', env });
  expect(stdout).toMatch(/Tests +\d+ passed/);
};

const fastifyApp: Runner = async (block, project) => {
  const server = await project.app(block.text);
  await project.answers(server);
  expect(await project.page('/hello')).toMatch(/^<script src=.*<\/script><h1>Hello<\/h1>$/);
  const events = listen(`${project.url}/events`);
  await expect.poll(() => events, soon).toHaveLength(1);
  await project.write('public/a.css', 'body { color: green }');
  await project.write('views/home.html', 'other');
  await expect.poll(() => dataOf(events), soon).toHaveLength(2);
  expect(dataOf(events)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ path: '/a.css' }),
      expect.objectContaining({ path: '/views/home.html' }),
    ]),
  );
};

const eventsOnly: Runner = async (block, project) => {
  const server = await project.program(block.text);
  await project.answers(server);
  const events = listen(`${project.url}/news`);
  await expect.poll(() => events, soon).toHaveLength(1);
  const { id } = await post(project, '/news', { title: 'one' });
  await expect.poll(() => dataOf(events), soon).toEqual([{ title: 'one' }]);
  expect(events.at(-1)?.id).toBe(id);
  await post(project, '/news', { title: 'two' });
  await server.kill('SIGKILL');
  await project.answers(await project.program(block.text));
  const late = listen(`${project.url}/news`, String(id));
  await expect.poll(() => dataOf(late), soon).toEqual([{ title: 'two' }]);
};

runBlocks('README.md', {
  'try it': tryIt,
  'test it': testIt,
  folder,
  backend,
  'fastify app': fastifyApp,
  'events only': eventsOnly,
});
