import { describe, expect, it } from 'vitest';
import { longName, variableName } from '../../server/cli/flag.ts';
import { FLAGS } from '../../server/cli/flags.ts';
import { FLAG_NAMES } from '../../server/cli/names.ts';
import { tableDefaults, tableRows } from '../support/docs/blocks.ts';
import { startServer } from '../support/docs/follow-folder.ts';
import { dataOf, listen } from '../support/docs/listen.ts';
import { defaultsOf, membersOf } from '../support/docs/members.ts';
import { type Runner, runBlocks } from '../support/docs/run-blocks.ts';
import { ProcessGroup } from '../support/process-group.ts';

const DOCUMENT = 'docs/options.md';
const soon = { timeout: 20_000 };

const plugin: Runner = async (block, project) => {
  const server = await project.app(block.text);
  await project.answers(server, '/docs/');
  expect(await project.page('/docs/some/where')).toMatch(
    /<script src="\/docs\/@dev-serve\/client\.js".*<title>public/,
  );
  const events = listen(`${project.url}/docs/events`);
  await expect.poll(() => events, soon).toHaveLength(1);
  await project.write('public/a.css.map', '{}');
  await project.write('public/b.css', 'body {}');
  const change = expect.objectContaining({ operation: 'create', path: '/b.css' });
  await expect.poll(() => dataOf(events), soon).toEqual([change]);
};

const flags: Runner = async (block, project) => {
  const server = await startServer(block.text, project);
  expect(server.output).toContain(`127.0.0.1:${project.port}`);
  await project.write('views/home.html', 'new');
  await expect.poll(() => server.output, soon).toContain('write   /views/home.html');
  const second = project.installed(block.text);
  expect(await second.ended()).toBe(1);
  expect(second.output).toContain(`Port ${project.port} is taken`);
};

runBlocks(DOCUMENT, { plugin, flags });

describe(`the tables of options in ${DOCUMENT}`, () => {
  it('name each option, in its order', () => {
    expect(tableRows(DOCUMENT, 'option')).toEqual(
      membersOf('plugins/dev-serve-options.ts', 'DevServeOptions'),
    );
    expect(tableRows(DOCUMENT, 'limit of streams')).toEqual(
      membersOf('plugins/stream-limits.ts', 'StreamLimitOptions'),
    );
    expect(tableRows(DOCUMENT, 'more options')).toEqual(
      membersOf('server/create-dev-server.ts', 'DevServerOptions'),
    );
    expect(tableRows(DOCUMENT, 'limit')).toEqual(
      membersOf('server/limits/limits.ts', 'LimitOptions'),
    );
    expect(tableRows(DOCUMENT, 'option of webhook')).toEqual(
      membersOf('plugins/webhook.ts', 'WebhookOptions'),
    );
  });

  it('have the numbers that are defaults', () => {
    const { port } = tableDefaults(DOCUMENT, 'more options');
    expect(port).toBe(defaultsOf('server/create-dev-server.ts', 'DevServerOptions').port);
    expect(tableDefaults(DOCUMENT, 'limit of streams')).toEqual(
      defaultsOf('plugins/stream-limits.ts', 'StreamLimitOptions'),
    );
    expect(tableDefaults(DOCUMENT, 'limit')).toEqual(
      defaultsOf('server/limits/limits.ts', 'LimitOptions'),
    );
    expect(tableDefaults(DOCUMENT, 'option of webhook')).toEqual(
      defaultsOf('plugins/webhook.ts', 'WebhookOptions'),
    );
  });

  it('name each member of the server', () => {
    const members = tableRows(DOCUMENT, 'member').map((row) => row.replace('()', ''));
    expect(members).toEqual(membersOf('server/create-dev-server.ts', 'DevServer'));
  });
});

describe(`the table of flags in ${DOCUMENT}`, () => {
  const column = (index: number) => tableRows(DOCUMENT, 'flag', index);
  const inTable = column(0);

  it('names each flag of the command line, in its order', async () => {
    const args = ['dist/server/cli.cjs', '--help'];
    const help = new ProcessGroup(process.execPath, args, { cwd: '.' });
    expect(await help.ended()).toBe(0);
    const named = [...help.output.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag);
    expect(inTable).toEqual(named);
  });

  it.each(FLAG_NAMES)('says how else %s is set, and what holds without', (name) => {
    const row = inTable.indexOf(longName(FLAGS[name]));
    expect(column(1)[row]).toBe(variableName(FLAGS[name]));
    expect(column(2)[row]).toBe(name);
    const { initial } = FLAGS[name];
    const isText = ['string', 'number'].includes(typeof initial);
    if (isText) expect(column(3)[row]).toBe(String(initial));
    else expect(column(3)[row]).toMatch(/^(off|none|all)$/);
  });
});
