import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { descendantsOf } from '../soak/descendants.js';
import { HELP, readSettings } from '../soak/settings.js';
import { stepsOf } from '../soak/steps.js';

const RUN = fileURLToPath(new URL('../soak/run.js', import.meta.url));
const soon = { timeout: 60_000 };

function start(...args: readonly string[]) {
  const env = { ...process.env, SKIP_BUILD: 'true' };
  const child = spawn(process.execPath, [RUN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close');
  return { child, ended, output: text(child.stdout), complaints: text(child.stderr) };
}

describe('npm run soak', () => {
  it('says what is wrong with its command line, and does nothing', async () => {
    const { ended, output, complaints } = start('--minutes', 'many');
    expect(await ended).toEqual([1, null]);
    expect(await complaints).toMatch(
      /^--minutes takes a whole number from 1 to 1440, not "many"\n/,
    );
    expect(await output).toBe('');
  });

  it.each([
    { args: ['--minutes'], message: '--minutes takes a whole number from 1 to 1440, not nothing' },
    { args: ['--minutes', '0'], message: 'not "0"' },
    { args: ['--minutes=1.5'], message: 'not "1.5"' },
    { args: ['--minutes=1441'], message: 'not "1441"' },
    { args: ['--seed', '-1'], message: '--seed takes a whole number from 0 to 2147483647' },
    { args: ['--minuts=5'], message: '--minuts is no flag of this' },
    { args: ['5'], message: '5 is no flag of this' },
  ])('refuses $args', ({ args, message }) => {
    expect(() => readSettings(args)).toThrow(message);
  });

  it('takes minutes, a seed, and the soak alone', () => {
    expect(readSettings(['--minutes', '5', '--seed=7', '--soak-only'])).toEqual({
      minutes: 5,
      seed: 7,
      soakOnly: true,
      help: false,
    });
    expect(readSettings([])).toMatchObject({ minutes: 60, soakOnly: false });
  });

  it('soaks for all of its minutes, whatever the trials take before', () => {
    const settings = { ...readSettings([]), minutes: 5 };
    const [trials, soak, ...rest] = stepsOf(settings);
    expect(trials?.args).toContain('test/faults');
    expect(soak?.variables).toEqual({ SOAK_MINUTES: '5' });
    expect(soak?.mostMinutes).toBeGreaterThan(5);
    expect(rest).toEqual([]);
    expect(stepsOf({ ...settings, soakOnly: true })).toEqual([soak]);
  });

  it('tries whatever has a long form', () => {
    const [trials] = stepsOf(readSettings([]));
    const isTried = (path: string) => trials?.args.some((arg) => path.startsWith(arg));
    const withLongForm = readdirSync('test', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => join('test', name))
      .filter((path) => readFileSync(path, 'utf8').includes('/faults/form.ts'));
    expect(withLongForm.length).toBeGreaterThan(20);
    expect(withLongForm.filter((path) => !isTried(path))).toEqual([]);
  });

  it('says how it is used, and does nothing', async () => {
    const { ended, output, complaints } = start('--minutes', '5', '--help');
    expect(await ended).toEqual([0, null]);
    expect([await output, await complaints]).toEqual([`${HELP}\n`, '']);
    expect(HELP).toContain('length of the soak itself, which begins when the trials are done');
  });

  it('ends everything that it has started when it is interrupted, and says so', {
    timeout: 120_000,
  }, async () => {
    const { child, ended, output } = start('--minutes', '1', '--soak-only', '--seed', '7');
    const pid = child.pid ?? 0;
    // Some servers, each in a process of a group of its own.
    const servers = () =>
      descendantsOf(pid).filter((one) => commandOf(one).includes('event-server'));
    await expect.poll(() => servers().length, soon).toBeGreaterThan(0);
    const started = descendantsOf(pid);
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(await output).toMatch(/verdict after \d+ minutes, seed 7: broken off\n$/);
    await expect.poll(() => started.map(commandOf).filter((text) => text !== ''), soon).toEqual([]);
  });
});

/** Empty for a process that has ended, seen to by its parent or not. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
