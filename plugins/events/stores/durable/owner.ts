import { randomBytes } from 'node:crypto';
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isListening, type Listener, listen } from './listener.ts';

// Who listens on a socket is alive: the kernel closes it with the process, whatever ends that. No
// process id is looked at, since ids are used again, and every container has a process 1.
const CLAIM = /^owner\.(\d{1,15})$/;

export interface Owner {
  release(): Promise<void>;
}

/**
 * Makes this the only owner of a directory, among all processes of the machine. Resolves to
 * undefined if there is one already.
 */
export async function own(directory: string): Promise<Owner | undefined> {
  const name = randomBytes(6).toString('hex');
  const listener = await listen(directory, name);
  const isOwner = await claim(directory, name, listener).catch(async (error: unknown) => {
    await listener.close();
    throw error;
  });
  if (isOwner) return { release: () => listener.close() };
  await listener.close();
  return undefined;
}

/**
 * Claims are numbered. The newest is never removed, and a claim counts only if there is no newer one
 * after it was made: so of two that find the same dead owner, one yields.
 */
async function claim(directory: string, name: string, { address }: Listener): Promise<boolean> {
  const draft = join(directory, `claim-${name}`);
  await writeFile(draft, address);
  try {
    for (;;) {
      const newest = Math.max(0, ...(await claims(directory)));
      if (newest > 0 && (await isListening(directory, await addressOf(directory, newest)))) {
        return false;
      }
      const own = newest + 1;
      if (!(await linkNew(draft, claimPath(directory, own)))) continue;
      const others = (await claims(directory)).filter((number) => number !== own);
      if (others.every((number) => number < own)) {
        await clean(directory, others);
        return true;
      }
      await rm(claimPath(directory, own), { force: true });
    }
  } finally {
    await rm(draft, { force: true });
  }
}

function claimPath(directory: string, number: number): string {
  return join(directory, `owner.${number}`);
}

async function claims(directory: string): Promise<number[]> {
  const names = await readdir(directory);
  return names.flatMap((name) => CLAIM.exec(name)?.slice(1).map(Number) ?? []);
}

/** Where the maker of a claim listens; empty if the claim is gone. */
function addressOf(directory: string, number: number): Promise<string> {
  return readFile(claimPath(directory, number), 'utf8').catch(() => '');
}

/** A hard link is made as a whole or not at all, and never over another one. */
async function linkNew(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes away what dead owners have left. */
async function clean(directory: string, numbers: readonly number[]): Promise<void> {
  for (const number of numbers) {
    const address = await addressOf(directory, number);
    if (/^live-[0-9a-f]+\.sock$/.test(address)) await rm(join(directory, address), { force: true });
    await rm(claimPath(directory, number), { force: true });
  }
}
