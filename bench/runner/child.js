import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Whether processes can be kept on a core of their own here. */
export const canPin = spawnSync('taskset', ['-c', '0', 'true']).status === 0;

/** @type {Set<{ end(): void }>} */
const running = new Set();

/**
 * Remembers what has to be ended, whatever happens.
 * @param {{ end(): void }} one
 * @returns {() => void} forgets it
 */
export function track(one) {
  running.add(one);
  return () => running.delete(one);
}

/** Ends whatever was started and still runs. */
export function endAllChildren() {
  for (const child of running) child.end();
}

/** There was no answer in time. */
export class TimeoutError extends Error {}

/** A process of Node that does what it is asked, until it is ended. */
export class Child {
  #name;
  #process;
  #lastId = 0;
  #output = '';
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  #waiting = new Map();

  /**
   * @param {string} file in processes/
   * @param {object} options
   * @param {string} options.name for messages
   * @param {0 | 1} options.core where it is to run
   * @param {readonly string[]} [options.args]
   * @param {readonly string[]} [options.flags] of Node
   */
  constructor(file, { name, core, args = [], flags = [] }) {
    this.#name = name;
    const path = fileURLToPath(new URL(`../processes/${file}`, import.meta.url));
    const node = [process.execPath, ...flags, path, ...args];
    const [command = '', ...rest] = canPin ? ['taskset', '-c', String(core), ...node] : node;
    this.#process = spawn(command, rest, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production' },
    });
    running.add(this);
    const keep = (/** @type {Buffer} */ chunk) => {
      this.#output = (this.#output + chunk.toString()).slice(-2000);
    };
    this.#process.stdout?.on('data', keep);
    this.#process.stderr?.on('data', keep);
    this.#process.on('message', (/** @type {any} */ { id, result, error }) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(`${this.#name}: ${error}`));
    });
    this.#process.once('exit', (code, signal) => {
      running.delete(this);
      const last = this.#output.trim().split('\n').at(-1);
      for (const { reject } of this.#waiting.values())
        reject(new Error(`${this.#name} ended (${signal ?? code}): ${last}`));
      this.#waiting.clear();
    });
  }

  get pid() {
    return this.#process.pid ?? 0;
  }

  /**
   * @param {import('../processes/answer.js').Request} request
   * @param {number} [seconds] until it counts as hung
   * @returns {Promise<any>}
   */
  ask(request, seconds = 60) {
    if (!this.#process.connected) return Promise.reject(new Error(`${this.#name} has ended`));
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new TimeoutError(`${this.#name}: no answer to "${request.do}" within ${seconds} s`));
      }, seconds * 1000);
      const done = (/** @type {(value: any) => void} */ settle) => (/** @type {any} */ value) => {
        clearTimeout(deadline);
        settle(value);
      };
      this.#waiting.set(id, { resolve: done(resolve), reject: done(reject) });
      this.#process.send({ id, request });
    });
  }

  /** Whatever it was about, by its pid alone. */
  end() {
    running.delete(this);
    this.#process.kill('SIGKILL');
  }
}
