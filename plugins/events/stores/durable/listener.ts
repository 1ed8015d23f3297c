import { once } from 'node:events';
import { rm, symlink } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';

/** `sun_path` has room for 108 bytes, for 104 on macOS. */
const MAX_SOCKET_PATH = 100;

export interface Listener {
  /** For `isListening`: a name in the directory, or a path elsewhere. */
  readonly address: string;
  close(): Promise<void>;
}

/** Listens until it is closed or the process ends; keeps no process alive. */
export async function listen(directory: string, name: string): Promise<Listener> {
  const file = `live-${name}.sock`;
  const pipe = `\\\\.\\pipe\\dev-serve-${name}`;
  const outside = process.platform === 'win32' ? pipe : join(tmpdir(), `dev-serve-${file}`);
  if (process.platform === 'win32') return listenAt(outside, outside);
  try {
    return await withShortPath(directory, file, (path) => listenAt(path, file));
  } catch {
    // A file system that holds no sockets, as some that containers share with their host.
    return listenAt(outside, outside);
  }
}

/** Whether anybody listens at an address; true in doubt. */
export async function isListening(directory: string, address: string): Promise<boolean> {
  if (address === '') return false;
  if (isAbsolute(address)) return answers(address);
  return withShortPath(directory, basename(address), answers);
}

async function listenAt(path: string, address: string): Promise<Listener> {
  const server = createServer((socket) => void socket.destroy()).unref();
  // Without `exclusive`, the workers of a cluster would all share one.
  server.listen({ path, exclusive: true });
  await once(server, 'listening');
  // Such as too many open files: the socket goes on listening.
  server.on('error', () => undefined);
  return {
    address,
    async close() {
      server.close();
      await once(server, 'close');
    },
  };
}

async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    // A full queue, or a socket of another user, is no proof of death.
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code !== 'ECONNREFUSED' && code !== 'ENOENT' && code !== 'ENOTSOCK';
  } finally {
    socket.destroy();
  }
}

/** Deep directories are reached through a link, so that the path of a socket is short enough. */
async function withShortPath<Result>(
  directory: string,
  file: string,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const path = join(directory, file);
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH) return use(path);
  const alias = join(tmpdir(), `dev-serve-${process.pid}-${Date.now().toString(36)}-${file}`);
  await symlink(directory, alias);
  try {
    return await use(join(alias, file));
  } finally {
    await rm(alias);
  }
}
