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
  return startWith({}, ...args);
}

function startWith(variables: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const env = { ...process.env, SKIP_BUILD: 'true', NO_COLOR: '1', ...variables };
  const child = spawn(process.execPath, [RUN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close');
  return { child, ended, output: text(child.stdout), complaints: text(child.stderr) };
}

describe('npm run soak', () => {
  it('says what is wrong with its command line, and does nothing', async () => {
    const { ended, output, complaints } = start('--minutes', 'many');
    expect(await ended).toEqual([1, null]);
    expect(await complaints).toMatch(/^--minutes takes a number from 0\.1 to 1440, not "many"\n/);
    expect(await output).toBe('');
  });

  it.each([
    { args: ['--minutes'], message: '--minutes takes a number from 0.1 to 1440, not nothing' },
    { args: ['--minutes', '0'], message: 'not "0"' },
    { args: ['--minutes=1.'], message: 'not "1."' },
    { args: ['--minutes=0.09'], message: 'not "0.09"' },
    { args: ['--minutes=1e2'], message: 'not "1e2"' },
    { args: ['--minutes=1441'], message: 'not "1441"' },
    { args: ['--seed', '-1'], message: '--seed takes a whole number from 0 to 2147483647' },
    { args: ['--seed=1.5'], message: '--seed takes a whole number from 0 to 2147483647' },
    {
      args: ['--only', 'mongo'],
      message: '--only takes one of memory, durable, redis, dev-server',
    },
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
      only: undefined,
      help: false,
    });
    expect(readSettings(['--minutes=0.5', '--only=redis'])).toMatchObject({
      minutes: 0.5,
      only: 'redis',
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
    const ofOne = stepsOf({ ...settings, only: 'redis' });
    expect(ofOne.map(({ args }) => args[0])).toEqual(['test/soak/redis.soak.ts']);
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

describe('the verdict of npm run soak', { timeout: 120_000 }, () => {
  it('is that it has passed, with exit code 0, and what so short a time does not tell', async () => {
    const args = ['--minutes', '0.2', '--seed', '7', '--only', 'dev-server'];
    const { ended, output } = start(...args);
    expect(await output).toMatch(
      /: passed, but 0\.2 minutes are too few to resolve the slope of a heap\n$/,
    );
    expect(await ended).toEqual([0, null]);
  });

  it('is that it has failed, with exit code 1, where there is no Redis: nothing may be skipped', async () => {
    // Programs that print a version, and nothing to install another with.
    const others = ['CHROMIUM', 'CHROMIUM_HEADLESS_SHELL', 'NGINX'];
    const paths = others.map((name) => [`${name}_PATH`, process.execPath]);
    const variables = {
      ...Object.fromEntries(paths),
      CI: '',
      PATH: '/nowhere',
      REDIS_SERVER_PATH: '',
    };
    const { ended, output, complaints } = startWith(
      variables,
      '--minutes',
      '0.1',
      '--only',
      'redis',
    );
    expect(await output).toMatch(/: failed: the soak\n$/);
    expect(await complaints).toContain('redis-server is not available');
    expect(await ended).toEqual([1, null]);
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
