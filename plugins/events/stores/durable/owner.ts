import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Who listens on a socket is alive: the kernel closes it with the process, whatever ends that. No
// process id is looked at, since ids are used again, and every container has a process 1.
const CLAIM = /^owner\.(\d{1,15})$/;
/** `sun_path` has room for 108 bytes, for 104 on macOS. */
const MAX_SOCKET_PATH = 100;

export interface Owner {
  release(): Promise<void>;
}

/**
 * Makes this the only owner of a directory, among all processes of the machine. Resolves to
 * undefined if there is one already.
 */
export async function own(directory: string): Promise<Owner | undefined> {
  const name = randomBytes(6).toString('hex');
  const { server, address } = await listen(directory, name);
  const release = async () => void (await close(server));
  try {
    if (await claim(directory, name, address)) return { release };
  } catch (error) {
    await release();
    throw error;
  }
  await release();
  return undefined;
}

/**
 * Claims are numbered. The newest is never removed, and a claim counts only if there is no newer one
 * after it was made: so of two that find the same dead owner, one yields.
 */
async function claim(directory: string, name: string, address: string): Promise<boolean> {
  const draft = join(directory, `claim-${name}`);
  await writeFile(draft, address);
  try {
    for (;;) {
      const newest = Math.max(0, ...(await claims(directory)));
      if (newest > 0 && (await isAlive(directory, newest))) return false;
      if (!(await linkNew(draft, join(directory, `owner.${newest + 1}`)))) continue;
      const others = (await claims(directory)).filter((number) => number !== newest + 1);
      if (others.every((number) => number <= newest)) {
        await clean(directory, others, name);
        return true;
      }
      await rm(join(directory, `owner.${newest + 1}`), { force: true });
    }
  } finally {
    await rm(draft, { force: true });
  }
}

async function claims(directory: string): Promise<number[]> {
  const names = await readdir(directory);
  return names.flatMap((name) => CLAIM.exec(name)?.slice(1).map(Number) ?? []);
}

/** Whether anybody listens at the address in a claim. */
async function isAlive(directory: string, number: number): Promise<boolean> {
  const address = await readFile(join(directory, `owner.${number}`), 'utf8').catch(() => '');
  if (address === '') return false;
  const path = address.startsWith('./') ? join(directory, address) : address;
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    // Anything else, such as a full queue or a socket of another user, is no proof of death.
    return !['ECONNREFUSED', 'ENOENT', 'ENOTSOCK'].includes(codeOf(error));
  } finally {
    socket.destroy();
  }
}

/** A hard link is made as a whole or not at all, and never over another one. */
async function linkNew(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function listen(
  directory: string,
  name: string,
): Promise<{ server: Server; address: string }> {
  const file = `live-${name}.sock`;
  for (const [path, address] of candidates(directory, file)) {
    const server = createServer((socket) => void socket.destroy()).unref();
    try {
      server.listen(path);
      await once(server, 'listening');
      return { server, address };
    } catch {
      // A file system that holds no sockets: the next candidate is on another one.
    }
  }
  throw new Error('no socket can be made there');
}

function candidates(directory: string, file: string): [path: string, address: string][] {
  if (process.platform === 'win32') {
    const pipe = `\\\\.\\pipe\\dev-serve-${file}`;
    return [[pipe, pipe]];
  }
  const inside = join(directory, file);
  const outside = join(tmpdir(), `dev-serve-${file}`);
  const isShort = Buffer.byteLength(inside) <= MAX_SOCKET_PATH;
  return isShort
    ? [
        [inside, `./${file}`],
        [outside, outside],
      ]
    : [[outside, outside]];
}

/** Takes away what dead owners have left. */
async function clean(directory: string, numbers: readonly number[], name: string): Promise<void> {
  const left = (await readdir(directory)).filter(
    (file) => /^(live|claim)-[0-9a-f]{12}(\.sock)?$/.test(file) && !file.includes(name),
  );
  const files = [...numbers.map((number) => `owner.${number}`), ...left];
  await Promise.all(files.map((file) => rm(join(directory, file), { force: true })));
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
