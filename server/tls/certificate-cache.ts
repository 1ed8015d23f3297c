import { createHash, randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder.ts';

const FOR_OTHERS = 0o077;

/** Keeps secrets of this user, each under a name, outside of any project. */
export class CertificateCache {
  readonly #folder: string;

  constructor(folder = join(cacheFolder() ?? tmpdir(), 'dev-serve', 'certificates')) {
    this.#folder = folder;
  }

  /** @returns undefined for what is not there or cannot be read, '' for what others could read */
  async get(name: string): Promise<string | undefined> {
    try {
      const { mode } = await stat(this.#path(name));
      const isOpen = process.platform !== 'win32' && (mode & FOR_OTHERS) !== 0;
      return isOpen ? '' : await readFile(this.#path(name), 'utf8');
    } catch {
      return undefined;
    }
  }

  async delete(name: string): Promise<void> {
    await rm(this.#path(name), { force: true });
  }

  /**
   * Readable by this user alone, and never there by half. What is there already stays: of two that
   * make one at the same time, both are to go on with the same.
   */
  async add(name: string, text: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    // The folder may have been made by someone with another umask.
    await chmod(this.#folder, 0o700);
    const path = this.#path(name);
    const unfinished = `${path}.${randomBytes(6).toString('hex')}`;
    const file = await open(unfinished, 'wx', 0o600);
    try {
      // An umask takes away more than a server can do without.
      await file.chmod(0o600);
      await file.writeFile(text);
      await file.close();
      await link(unfinished, path);
    } finally {
      await file.close().catch(() => undefined);
      await rm(unfinished, { force: true });
    }
  }

  #path(name: string): string {
    return join(
      this.#folder,
      `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.pem`,
    );
  }
}
