import { expect, it } from 'vitest';
import { longName } from '../../server/cli/flag.ts';
import { FLAGS } from '../../server/cli/flags.ts';
import { FLAG_NAMES } from '../../server/cli/names.ts';
import { runCommand } from '../support/command-line.ts';

/** Of a terminal that is neither small nor large. */
const SCREEN = { columns: 80, lines: 55 };

it('the help fits a screen, has a line for each flag, and is in groups', async () => {
  const command = runCommand('--help');
  expect(await command.exit).toBe(0);
  const lines = command.output().stdout.trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(SCREEN.lines);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(SCREEN.columns);

  const flags = lines.flatMap((line) => /^ {2}(?:-\w, )?(--[\w-]+)/.exec(line)?.[1] ?? []);
  const others = ['--config', '--no-config', '--print-config', '--version', '--help'];
  const known = [...FLAG_NAMES.map((name) => longName(FLAGS[name])), ...others];
  expect(new Set(flags)).toEqual(new Set(known));
  expect(flags).toHaveLength(known.length);

  const groups = lines.filter((line) => /^\w.*:$/.test(line)).map((line) => /^[^(:]+/.exec(line));
  expect(groups.map((group) => group?.[0].trim())).toEqual([
    'Serving',
    'Watching',
    'Events',
    'Proxy and HTTPS',
    'Desk',
    'Webhook',
  ]);
});

it('each line of the help is one line, with what the flag does beside it', async () => {
  const command = runCommand('--help');
  await command.exit;
  const lines = command.output().stdout.trimEnd().split('\n');
  const list = lines.slice(lines.indexOf('Serving:'));
  expect(
    list.filter((line) => !/^(\w.*:| {2}(-\w, )?--\S+( [<[]\S+)? {2,}\S.*)$/.test(line)),
  ).toEqual([]);
});
