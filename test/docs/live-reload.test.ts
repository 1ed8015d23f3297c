import { describe, expect, it } from 'vitest';
import { tableRows } from '../support/docs/blocks.ts';
import { dataOf, listen } from '../support/docs/listen.ts';
import { membersOf } from '../support/docs/members.ts';
import { type Runner, runBlocks } from '../support/docs/run-blocks.ts';
import { ProcessGroup } from '../support/process-group.ts';

const DOCUMENT = 'docs/live-reload.md';
const soon = { timeout: 10_000 };

const program: Runner = async (block, project) => {
  const server = await project.program(block.text);
  await project.answers(server);
  expect(server.output).toContain(`${project.url}/`);
  expect(await project.page()).toContain('<script src="/@dev-serve/client.js"');
  const time = await fetch(`${project.url}/api/time`);
  expect(await time.json()).toEqual({ now: expect.stringMatching(/^\d{4}-/) });
};

const app: Runner = async (block, project) => {
  const server = await project.program(block.text);
  await project.answers(server);
  expect(await project.page()).toMatch(/<script src="\/@dev-serve.*<h1>Hello<\/h1>/s);
  const events = listen(`${project.url}/events`);
  await expect.poll(() => events, soon).toHaveLength(1);
  await project.write('views/home.html', '<!doctype html><p>new');
  const change = expect.objectContaining({ operation: 'write', path: '/views/home.html' });
  await expect.poll(() => dataOf(events), soon).toEqual([change]);
  expect(await project.page()).toContain('<p>new');
};

/** The tag is the same but for what is of the moment. */
const tag: Runner = async (block, project) => {
  const server = project.command('npx dev-serve ./site');
  await project.answers(server);
  const shape = (text: string) =>
    text.replace(/(?<=build=")\d{13}|(?<=cursor=")[0-9a-z]+-\d+/g, '*');
  expect(await project.page()).toMatch(/<head>\s*<script src=[^<]*<\/script>/);
  const found = /<script src="\/@dev-serve[^<]*<\/script>/.exec(await project.page());
  expect(shape(found?.[0] ?? '')).toBe(shape(block.text.trim()));
};

/** That it is enough for a browser is tested in test/browser; here, that the tag meets it. */
const policy: Runner = async (block, project) => {
  const [name = '', value = ''] = block.text.trim().split(': ');
  const server = await project.program(`
    import devServe from 'dev-serve';
    await app.register(devServe, { root: 'public' });
    app.get('/', (_, reply) => reply
      .header('${name}', \`${value}\`).type('text/html').send('<!doctype html><p>one'));
  `);
  await project.answers(server);
  const response = await fetch(project.url, { headers: { accept: 'text/html' } });
  expect(response.headers.get('content-security-policy')).toBe(value);
  expect(await response.text()).toMatch(/^<!doctype html><script src="\/[^>]+><\/script><p>one/);
};

const flags: Runner = async (block, project) => {
  const server = project.command(block.text);
  await expect.poll(() => server.output, soon).toContain(`127.0.0.1:${project.port}`);
  await project.write('views/home.html', 'new');
  await expect.poll(() => server.output, soon).toContain('write   /views/home.html');
  const second = project.command(block.text);
  expect(await second.ended()).toBe(1);
  expect(second.output).toContain(`Port ${project.port} is taken`);
};

runBlocks(DOCUMENT, { program, app, tag, policy, flags });

describe(`the tables in ${DOCUMENT}`, () => {
  it('name each flag of the command line, in its order', async () => {
    const args = ['dist/server/cli.js', '--help'];
    const help = new ProcessGroup(process.execPath, args, { cwd: '.' });
    expect(await help.ended()).toBe(0);
    const named = [...help.output.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag);
    expect(tableRows(DOCUMENT, 'flag')).toEqual(named);
  });

  it('name each option, in its order', () => {
    expect(tableRows(DOCUMENT, 'option')).toEqual(
      membersOf('plugins/dev-serve.ts', 'DevServeOptions'),
    );
    expect(tableRows(DOCUMENT, 'more options')).toEqual(
      membersOf('server/create-dev-server.ts', 'DevServerOptions'),
    );
  });
});
