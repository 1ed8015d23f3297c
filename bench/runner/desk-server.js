import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { canPin, track } from './child.js';

const HOST = '127.0.0.1';
const REQUEST = `GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n`;
/** Milliseconds between two questions whether it is there. */
const POLL = 3;

/**
 * @typedef {object} DeskContender
 * @property {string} name
 * @property {boolean} [hasNoReload]
 * @property {(folder: string, port: number) => string[]} command
 * @property {(port: number) => import('./wire.js').WireAddress | Promise<import('./wire.js').WireAddress>} [wire]
 *   where its pages are told of changes
 */

/** The program of a contender, as its users start it. */
export class DeskServer {
  /** @type {import('node:child_process').ChildProcess} */
  #process;
  #untrack;

  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {number} port
   * @param {number} milliseconds
   */
  constructor(child, port, milliseconds) {
    this.#process = child;
    this.port = port;
    /** From its start to the first answer that is 200. */
    this.milliseconds = milliseconds;
    this.#untrack = track(this);
  }

  /**
   * @param {DeskContender} contender
   * @param {string} folder
   * @param {object} [how]
   * @param {number} [how.seconds] until it counts as hung
   * @param {NodeJS.ProcessEnv} [how.env] besides that of this process
   * @param {boolean} [how.isPinned] to one core: where its processor time is measured, not how long it takes
   */
  static async start({ name, command }, folder, how = {}) {
    const { seconds = 30, env: more, isPinned = false } = how;
    const port = await freePort();
    const line = [process.execPath, ...command(folder, port)];
    const [file = '', ...args] = isPinned && canPin ? ['taskset', '-c', '0', ...line] : line;
    const begun = performance.now();
    const own = { NODE_ENV: 'development', BROWSER: 'none', NO_COLOR: '1' };
    const env = { ...process.env, ...own, ...more };
    const child = spawn(file, args, { cwd: folder, env, stdio: 'ignore' });
    const server = new DeskServer(child, port, 0);
    while (!(await answers(port))) {
      const passed = performance.now() - begun;
      if (child.exitCode !== null || passed > seconds * 1000) {
        server.end();
        throw new Error(`${name} has not answered 200 within ${Math.round(passed / 1000)} s`);
      }
      await delay(POLL);
    }
    server.milliseconds = performance.now() - begun;
    return server;
  }

  /** Processor time of all its threads so far, in ms; undefined where the system does not tell. */
  get worked() {
    const folder = `/proc/${this.#process.pid}/task`;
    try {
      const threads = readdirSync(folder).map((id) =>
        readFileSync(`${folder}/${id}/schedstat`, 'utf8'),
      );
      return threads.reduce((sum, text) => sum + Number(text.split(' ')[0]) / 1e6, 0);
    } catch {
      return undefined;
    }
  }

  /** Resident memory in MiB; undefined where the system does not tell. */
  get resident() {
    try {
      const text = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+)/m.exec(text)?.[1]) / 1024;
    } catch {
      return undefined;
    }
  }

  end() {
    this.#untrack();
    this.#process.kill('SIGKILL');
  }
}

/** Until `node -e 0` has ended, in milliseconds: what every program in Node takes. */
export async function nodeItself() {
  const begun = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - begun;
}

async function freePort() {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, HOST, () => socket.write(REQUEST));
    socket.setTimeout(5000, () => socket.destroy());
    socket.once('data', (chunk) => {
      resolve(/^HTTP\/1\.1 200 /.test(chunk.toString('latin1')));
      socket.destroy();
    });
    socket.on('error', () => {});
    socket.once('close', () => resolve(false));
  });
}
