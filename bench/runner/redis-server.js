import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { track } from './child.js';

/** @returns {string | undefined} what is missing */
export function withoutRedis() {
  return spawnSync('redis-server', ['--version']).status === 0
    ? undefined
    : 'redis-server is not in the PATH: install the package of that name';
}

/** A Redis of its own, in memory, on a socket in a folder of its own. */
export async function startRedis() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-redis-'));
  const path = join(folder, 'redis.sock');
  const args = ['--port', '0', '--unixsocket', path, '--save', '', '--dir', folder];
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  const end = () => {
    untrack();
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  const untrack = track({ end });
  const url = `unix://${path}`;
  const client = createClient({ url, socket: { reconnectStrategy: 50 } });
  client.on('error', () => {});
  await Promise.race([client.connect(), delay(10_000)]);
  return {
    url,
    end() {
      client.destroy();
      end();
    },
    /** Microseconds of processor time so far. */
    async worked() {
      const text = await client.info('cpu');
      const used = [...text.matchAll(/^used_cpu_(?:sys|user):([\d.]+)/gm)];
      return used.reduce((sum, [, seconds]) => sum + Number(seconds) * 1e6, 0);
    },
  };
}
