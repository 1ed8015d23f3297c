import { mkdir, open as openFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type * as Lmdb from 'lmdb';
import { StoreDamagedError, StorePackageError } from '../../../errors.ts';
import { flush } from './mark-file.ts';
import type { Durability } from './start.ts';

export type LmdbModule = typeof Lmdb;

/** A database whose keys and values are bytes. */
export type Database = Lmdb.RootDatabase<Buffer, Uint8Array>;

const DATA = 'data.mdb';
const LOCK = 'lock.mdb';

/** Loads the optional package, so that only who opens a durable store needs it. */
export async function loadLmdb(): Promise<LmdbModule> {
  try {
    return await import('lmdb');
  } catch (cause) {
    throw new StorePackageError('durable', 'lmdb', { cause });
  }
}

/** Opens the database in a directory that nobody else uses. */
export async function openDatabase(
  lmdb: LmdbModule,
  directory: string,
  durability: Durability,
): Promise<Database> {
  const path = join(directory, DATA);
  await checkHeader(path).catch(damaged(directory));
  // Nobody else uses it, so what a killed process may have left half-written is of no use.
  await rm(join(directory, LOCK), { recursive: true, force: true });
  try {
    const database = lmdb.open<Buffer, Uint8Array>(directory, {
      noSubdir: false,
      keyEncoding: 'binary',
      encoding: 'binary',
      // Each commit is on disk before it resolves; or it is left to the system when. LMDB's ordering
      // in between, `overlappingSync`, still takes a flush per commit, and a thread for each.
      overlappingSync: false,
      noSync: durability === 'commit',
      // The promise of a batch that LMDB opens by itself has no handler when a commit fails.
      eventTurnBatching: false,
    });
    const { lastPageNumber, pageSize } = stats(database);
    const { size } = await stat(path);
    if (size >= (lastPageNumber + 1) * pageSize || lastPageNumber <= 1) return database;
    await database.close();
    throw new Error(`${DATA} has been cut off`);
  } catch (error) {
    return damaged(directory)(error);
  }
}

export async function makeDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
}

/** Whether there is a database, whoever made it. */
export async function hasDatabase(directory: string): Promise<boolean> {
  return (await stat(join(directory, DATA)).catch(() => undefined)) !== undefined;
}

export async function removeDatabase(directory: string): Promise<void> {
  await rm(join(directory, DATA), { recursive: true, force: true });
}

/** Brings to disk what has only been committed. */
export async function flushDatabase(directory: string): Promise<void> {
  await flush(join(directory, DATA));
}

/** LMDB ends the process when it opens a file that is none of its own. */
async function checkHeader(path: string): Promise<void> {
  const file = await openFile(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  try {
    const { size = 0 } = (await file?.stat()) ?? {};
    if (!file || size === 0) return;
    const first = Buffer.alloc(64);
    await file.read(first, 0, first.length, 0);
    const pageSize = first.readUInt32LE(48);
    const second = Buffer.alloc(64);
    await file.read(second, 0, second.length, pageSize);
    if (!isMeta(first) || !isMeta(second)) throw new Error(`${DATA} is no database of LMDB`);
  } finally {
    await file?.close();
  }
}

function isMeta(page: Buffer): boolean {
  // Page header of 24 bytes, then `mm_magic` and `mm_version`; 16 where pages are counted in 32 bits.
  return [16, 24].some(
    (at) => page.readUInt32LE(at) === 0xbeefc0de && page.readUInt32LE(at + 4) < 3,
  );
}

function stats(database: Database): { lastPageNumber: number; pageSize: number } {
  const { lastPageNumber = 0, pageSize = 0 }: Record<string, unknown> = { ...database.getStats() };
  return { lastPageNumber: Number(lastPageNumber), pageSize: Number(pageSize) };
}

function damaged(directory: string): (cause: unknown) => never {
  return (cause) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StoreDamagedError(directory, reason, { cause });
  };
}
