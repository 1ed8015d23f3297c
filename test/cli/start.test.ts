import { writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommand, runCommandIn } from '../support/command-line.ts';
import { temporarySite } from '../support/temporary-site.ts';

const site = () => temporarySite({ 'index.html': '<title>Hello</title>' });

/** Takes a port on the loopback interface, on whichever of its addresses. */
async function takePort(host: string): Promise<number> {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

describe('dev-serve <directory>', () => {
  it('prints where it listens, and serves the directory there', async () => {
    const command = runCommand(await site(), '--port', '0');
    const url = await command.url();
    expect(new URL(url).hostname).toBe('localhost');
    expect(await (await fetch(url)).text()).toContain('<title>Hello</title>');
    expect(command.output().stdout).toMatch(/dev-serve \d+\.\d+\.\d+, ready in \d+ ms/);
    expect(command.output().stderr).toBe('');
    expect(command.output().stdout).not.toContain('Warning');
  });

  it('prints one line for each change', async () => {
    const root = await site();
    const command = runCommand(root, '--port', '0');
    await command.url();
    await writeFile(join(root, 'index.html'), '<title>Bye</title>');
    await expect
      .poll(() => command.output().stdout, { timeout: 20_000 })
      .toMatch(/\n {2}\d\d:\d\d:\d\d {2}write {3}\/index\.html +no tabs\n$/);
  });

  it('Q1: binds the loopback interface only', async () => {
    const command = runCommand(await site(), '--port', '0');
    const { port } = new URL(await command.url());
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4');
    // The loopback network has addresses that "localhost" is not: they stand in for a missing one.
    const address = outside?.address ?? '127.0.0.2';
    await expect(fetch(`http://${address}:${port}/`)).rejects.toThrow();
  });

  it('Q2: says what each flag that loosens it lets in', async () => {
    const command = runCommand(
      ...[await site(), '--port', '0', '--host', '0.0.0.0'],
      ...['--allowed-host', 'a.test,b.test', '--allowed-origin', '*'],
    );
    await command.url();
    expect(command.output().stdout.match(/Warning: .*/g)).toEqual([
      'Warning: --host 0.0.0.0: other machines can read the directory',
      'Warning: --allowed-host: answers to a.test, b.test too',
      'Warning: --allowed-origin *: every website that is open in a browser here can read the events',
    ]);
  });

  it('takes the next free port when the port is taken, and says so', async () => {
    const taken = await takePort('127.0.0.1');
    const command = runCommand(await site(), '--port', String(taken));
    const { port } = new URL(await command.url());
    expect(Number(port)).toBeGreaterThan(taken);
    expect(command.output().stdout).toContain(`Port ${taken} is taken: using the next free one.`);
  });

  it('finds each of several that start at once a port of its own', async () => {
    const first = await takePort('127.0.0.1');
    const root = await site();
    const commands = [1, 2, 3, 4].map(() => runCommand(root, '--port', String(first)));
    const urls = await Promise.all(commands.map((command) => command.url()));
    expect(new Set(urls).size).toBe(4);
  });

  it('exits with 1 and one line when the port is taken and --strict-port is given', async () => {
    const taken = await takePort('127.0.0.1');
    const command = runCommand(await site(), '--port', String(taken), '--strict-port');
    expect(await command.exit).toBe(1);
    const { stdout, stderr } = command.output();
    expect(stdout).toBe('');
    expect(stderr).toMatch(new RegExp(`^dev-serve: Port ${taken} is taken: choose another.*\n$`));
  });
});

describe('G: ending it', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s exits with 0 at once, with open streams',
    async (signal) => {
      const command = runCommand(await site(), '--port', '0');
      const url = await command.url();
      const streams = await Promise.all(
        Array.from({ length: 10 }, () => {
          const request = get(`${url}events`, { agent: false });
          request.on('error', () => {});
          return new Promise((resolve) => request.once('response', (res) => resolve(res.resume())));
        }),
      );
      expect(streams).toHaveLength(10);
      const start = performance.now();
      command.process.kill(signal);
      expect(await command.exit).toBe(0);
      expect(performance.now() - start).toBeLessThan(10_000);
    },
  );

  it('a second signal ends it at once, whatever holds up the first', async () => {
    const cwd = await temporarySite({
      'dev-serve.config.mjs': `import { Server } from 'node:http';
        Server.prototype.close = () => {};
        export default { port: 0 };`,
    });
    const command = runCommandIn({ cwd });
    await command.url();
    const impatience = setInterval(() => command.process.kill('SIGINT'), 50);
    expect(await command.exit).toBe('SIGINT');
    clearInterval(impatience);
  });

  it('a reader that hangs up its output is no crash', async () => {
    const root = await site();
    const command = runCommand(root, '--port', '0');
    const url = await command.url();
    command.process.stdout?.destroy();
    await writeFile(join(root, 'index.html'), 'new');
    await expect.poll(async () => (await fetch(url)).text()).toContain('new');
    command.process.kill('SIGINT');
    expect(await command.exit).toBe(0);
  });
});
