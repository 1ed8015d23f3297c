import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** A repository with two branches, `one` and `two`; `one` is checked out. */
export class GitTrees {
  readonly #root: string;

  /** @param count how many files each branch has; a part is the same in both */
  constructor(root: string, count: number) {
    this.#root = root;
    const at = (path: string) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      return join(root, path);
    };
    const page = (text: string) => `<!doctype html><html><head></head><body>${text}</body></html>`;
    this.#now('init', '--quiet', '--initial-branch=one');
    writeFileSync(at('index.html'), page('one'));
    for (let n = 0; n < count; n += 1)
      writeFileSync(at(`${kindOf(n)}/${n % 40}/${n}.html`), `${n}`);
    this.#commit();
    this.#now('checkout', '--quiet', '-b', 'two');
    writeFileSync(at('index.html'), page('two'));
    rmSync(at('left'), { recursive: true });
    renameSync(at('moved'), at('elsewhere'));
    for (let n = 0; n < count; n += 1) {
      if (kindOf(n) === 'edited') writeFileSync(at(`edited/${n % 40}/${n}.html`), `${n} anew`);
      if (kindOf(n) === 'left') writeFileSync(at(`come/${n % 40}/${n}.html`), `${n} instead`);
    }
    // What was a folder is a file.
    writeFileSync(at('left'), 'a file');
    this.#commit();
    this.#now('checkout', '--quiet', 'one');
  }

  /** Resolves once git is done. */
  async checkout(branch: 'one' | 'two'): Promise<void> {
    await promisify(execFile)('git', ['checkout', '--quiet', branch], this.#options);
  }

  #commit(): void {
    this.#now('add', '--all');
    this.#now('commit', '--quiet', '--message', 'all of it');
  }

  #now(...args: readonly string[]): void {
    const who = ['-c', 'user.name=Anyone', '-c', 'user.email=anyone@example.com'];
    execFileSync('git', [...who, ...args], this.#options);
  }

  /** Git without the settings of whoever runs the tests. */
  get #options() {
    const env = { PATH: process.env.PATH, HOME: this.#root, GIT_CONFIG_NOSYSTEM: '1' };
    return { cwd: this.#root, env };
  }
}

function kindOf(n: number): string {
  return ['same', 'edited', 'left', 'moved'][n % 4] ?? '';
}
