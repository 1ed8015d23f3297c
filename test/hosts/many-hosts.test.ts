import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { judge } from '../../plugins/hosts/judge.ts';
import { RefusalLog } from '../../plugins/hosts/refusal-log.ts';
import { CommandServer } from '../support/faults/command-server.ts';
import { inForm, tell } from '../support/faults/form.ts';
import { temporarySite } from '../support/temporary-site.ts';

const MIB = 1024 * 1024;
const policy = { allowedHosts: ['.dev.example'], allowedOrigins: [], https: false };
const names = [
  (count: number) => `${count}.localhost`,
  (count: number) => `${count}.dev.example:${count % 65_536}`,
  (count: number) => `evil-${count}.example`,
  (count: number) => `[::${(count % 65_536).toString(16)}]`,
];

function collected(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  return process.memoryUsage().heapUsed;
}

it(
  'H5, Q5: a million hosts leave nothing in memory, in the log of refusals neither',
  () => {
    const log = new RefusalLog();
    const ask = (count: number) => {
      const host = names[count % names.length]?.(count) ?? '';
      const origin = `http://page-${count}.example`;
      const claims = { rawHeaders: ['Host', host], origin, fetchSite: undefined };
      for (const purpose of ['page', 'events'] as const) {
        const verdict = judge({ ...claims, purpose }, policy);
        // As if they came at a pace at which each is worth a line.
        if (verdict.status !== 200) log.isNews(verdict.reason, count * 1000);
      }
    };
    for (let count = 0; count < 1000; count += 1) ask(count);
    const before = collected();
    for (let count = 0; count < inForm(100_000, 1_000_000); count += 1) ask(count);
    expect(collected() - before).toBeLessThan(inForm(2, 10) * MIB);
  },
  inForm(60_000, 300_000),
);

/** Sends a request for each of these hosts, some at a time; who is refused is hung up on. */
async function askFor(port: number, from: number, count: number): Promise<void> {
  let next = from;
  const askOneByOne = async () => {
    while (next < from + count) {
      const host = names[next % 3]?.(next) ?? '';
      next += 1;
      const socket = connect(port, '127.0.0.1').resume();
      socket.write(`HEAD /none HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      await once(socket, 'close');
    }
  };
  await Promise.all(Array.from({ length: 8 }, askOneByOne));
}

/** In bytes. */
function residentMemory(pid = 0): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
}

it(
  'H5: a million hosts over the wire do not make the process grow',
  async () => {
    const server = await CommandServer.start(await temporarySite({}));
    const port = Number(new URL(server.origin).port);
    const [asked, share] = [inForm(1500, 1_000_000), inForm(500, 10_000)];
    await askFor(port, 0, share);
    // What follows needs a system that tells of its processes.
    if (process.platform !== 'linux') return;
    const before = await server.figures({ idle: true });
    const samples = [residentMemory(before.pid)];
    for (let from = share; from < asked; from += share) {
      await askFor(port, from, share);
      samples.push(residentMemory(before.pid));
    }
    const after = await server.figures({ idle: true });
    expect(server.isRunning).toBe(true);
    // Garbage comes and goes, 50 MiB of it: what stays is seen where there is the least.
    const third = Math.ceil(samples.length / 3);
    const least = (part: readonly number[]) => Math.min(...part);
    const growth = (least(samples.slice(-third)) - least(samples.slice(0, third))) / MIB;
    const ofHeap = (after.heapUsed - before.heapUsed) / MIB;
    tell('hosts', { asked, 'growth in MiB': growth.toFixed(1), 'of heap': ofHeap.toFixed(1) });
    // In the short form, the engine still warms up.
    expect(growth).toBeLessThan(inForm(30, 10));
    expect(ofHeap).toBeLessThan(inForm(2, 10));
  },
  inForm(60_000, 2_700_000),
);
