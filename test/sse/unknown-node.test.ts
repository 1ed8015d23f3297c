import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { directResponses } from '../../plugins/events/direct-response.ts';

const PROGRAM = fileURLToPath(new URL('../support/unknown-node-server.js', import.meta.url));

/** Starts a server; resolves to its origin and to what it has logged before. */
async function start(...methods: readonly string[]) {
  const child = spawn(process.execPath, [PROGRAM, ...methods], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const log: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg }: { msg: string } = JSON.parse(line);
    log.push(msg);
    const [, origin] = /^Server listening at (.+)$/.exec(msg) ?? [];
    if (origin) return { origin, log };
  }
  throw new Error(`it ended: ${log.join('; ')}`);
}

describe.runIf(directResponses.enabled)('a Node that writes responses', () => {
  it.each([
    { what: 'as others do', methods: [], isPiped: false },
    { what: 'in a way of its own', methods: ['flushHeaders'], isPiped: true },
  ])('$what has whole streams, and is told of if they are piped', async ({ methods, isPiped }) => {
    const { origin, log } = await start(...methods);
    const response = await fetch(`${origin}/events`);
    expect(await response.text()).toBe('retry: 1000\ndata: whole\n\n');
    const told = log.filter((line) => line.startsWith('event streams are piped'));
    expect(told).toHaveLength(isPiped ? 1 : 0);
  });
});
