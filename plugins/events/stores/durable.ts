import { resolve } from 'node:path';
import { StoreDamagedError, StoreInUseError, StorePathError } from '../../errors.ts';
import { knownOptions, oneOf, stringOption } from '../../options.ts';
import { newEpoch } from '../event-id.ts';
import type { EventStore } from '../store.ts';
import {
  type Database,
  flushDatabase,
  hasDatabase,
  type LmdbModule,
  loadLmdb,
  makeDirectory,
  openDatabase,
  removeDatabase,
} from './durable/database.ts';
import { DurableStore, type Transact } from './durable/durable-store.ts';
import { LOG_KEY } from './durable/keys.ts';
import { flush, readBootId, readMark, writeMark } from './durable/mark-file.ts';
import { type Owner, own } from './durable/owner.ts';
import { decodeLog, encodeLog, type LogRecord } from './durable/records.ts';
import { type Durability, judge } from './durable/start.ts';
import { checkLimits, type LimitOptions, type Limits } from './limits.ts';

export interface DurableStoreOptions extends LimitOptions {
  /** A directory for this store alone, on a local disk; made if it is not there. */
  readonly path: string;
  /**
   * `commit`: an event is published once it is handed to the system, so it outlives the process; if
   * the machine goes down, the log begins anew. `flush`: once it is on disk, so it outlives both.
   * @default 'commit'
   */
  readonly durability?: Durability | undefined;
  /** Milliseconds after which an entry is forgotten. @default Infinity */
  readonly maxAge?: number | undefined;
}

/**
 * Opens a log on disk, in an embedded database (the optional package `lmdb`). It is for one process
 * at a time. Rejects with a `DEV_SERVE_ERR_STORE_*` if there is no such package, if the directory
 * cannot be used or is in use, or if what is in there is no log.
 */
export async function durableStore(options: DurableStoreOptions): Promise<EventStore> {
  knownOptions(options ?? {}, ['path', 'durability', 'limit', 'maxBytes', 'maxAge']);
  const directory = resolve(stringOption('path', options?.path));
  const durability = oneOf('durability', options.durability ?? 'commit', ['commit', 'flush']);
  const limits = checkLimits(options, Number.POSITIVE_INFINITY);
  const lmdb = await loadLmdb();
  await makeDirectory(directory).catch(unusable(directory));
  const owner = await own(directory).catch(unusable(directory));
  if (!owner) throw new StoreInUseError(directory);
  try {
    return await openStore(directory, owner, durability, limits, lmdb);
  } catch (error) {
    await owner.release();
    throw error;
  }
}

async function openStore(
  directory: string,
  owner: Owner,
  durability: Durability,
  limits: Limits,
  lmdb: LmdbModule,
): Promise<EventStore> {
  const bootId = await readBootId();
  await prepare(directory, durability, bootId);
  const database = await openDatabase(lmdb, directory, durability);
  const closeDatabase = async () => {
    await database.close();
    await flushDatabase(directory);
    await writeMark(directory, { clean: true, durability, bootId });
  };
  // Both abort when the function throws. The first returns with the commit in the system's memory,
  // the second commits in a thread and resolves when the disk has it.
  const transact: Transact =
    durability === 'commit'
      ? (run) => database.transactionSync(run)
      : (run) => database.childTransaction(run);
  try {
    const log = readLog(database) ?? { epoch: newEpoch(), head: 0, forgotten: 0 };
    await transact(() => void database.put(LOG_KEY, encodeLog(log)));
    await flush(directory);
    const close = async () => {
      await closeDatabase();
      await owner.release();
    };
    return new DurableStore({ database, transact, log, limits, close });
  } catch (error) {
    await database.close();
    return damaged(directory)(error);
  }
}

/** Removes a log that cannot be trusted, and leaves a mark: from here on this run is not clean. */
async function prepare(
  directory: string,
  durability: Durability,
  bootId: string | undefined,
): Promise<void> {
  const mark = await readMark(directory).catch(damaged(directory));
  if (!mark && (await hasDatabase(directory))) {
    damaged(directory)(new Error('it holds a database that was not made by a durable store'));
  }
  try {
    if (judge(mark, bootId) === 'anew') await removeDatabase(directory);
    // The mark is about to vouch for what an unclean run has only committed.
    else if (mark && !mark.clean) await flushDatabase(directory);
    await writeMark(directory, { clean: false, durability, bootId });
  } catch (error) {
    unusable(directory)(error);
  }
}

function readLog(database: Database): LogRecord | undefined {
  const value = database.get(LOG_KEY);
  return value && decodeLog(value);
}

function unusable(directory: string): (cause: unknown) => never {
  return (cause) => {
    throw new StorePathError(directory, messageOf(cause), { cause });
  };
}

function damaged(directory: string): (cause: unknown) => never {
  return (cause) => {
    throw new StoreDamagedError(directory, messageOf(cause), { cause });
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
