import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

const FOLDERS = ['a', 'b', 'c', 'A', 'a/x', 'a/y', 'b/x', 'c/x/z'];
const FILES = ['1.html', '2.html', '3.css', 'i.js', 'I.js', ''];

/** Changes a folder at random, as editors, builds and people do, and worse. */
export class FileStorm {
  readonly #root: string;
  readonly #random: () => number;
  readonly #steps = this.#allSteps();
  #count = 0;

  constructor(root: string, random: () => number) {
    this.#root = root;
    this.#random = random;
  }

  /** One change; what cannot be done is not done. @returns its name */
  act(): string {
    const [name, step] = this.#choose(this.#steps);
    try {
      step();
      return name;
    } catch {
      return `${name}, in vain`;
    }
  }

  #allSteps(): [name: string, step: () => void][] {
    const rename = (from: string, to: string) => {
      mkdirSync(dirname(to), { recursive: true });
      renameSync(from, to);
    };
    const swap = (one: string, other: string) => {
      const between = join(this.#root, `between-${this.#next()}`);
      renameSync(one, between);
      try {
        renameSync(other, one);
      } finally {
        renameSync(between, other);
      }
    };
    const chain = (paths: string[]) => {
      for (const [index, path] of paths.entries()) {
        const next = paths[index + 1];
        if (next !== undefined) renameSync(path, next);
      }
    };
    const file = () => this.#file();
    const folder = () => this.#folder();
    return [
      ['write', () => this.#write(file())],
      ['write', () => this.#write(file())],
      ['write', () => this.#write(file())],
      ['append', () => appendFileSync(file(), this.#next())],
      ['truncate', () => truncateSync(file())],
      ['the same bytes', () => rewrite(file())],
      ['touch', () => utimesSync(file(), new Date(), new Date())],
      ['remove', () => rmSync(file())],
      ['remove a folder', () => rmSync(folder(), { recursive: true })],
      ['make a folder', () => mkdirSync(folder(), { recursive: true })],
      ['rename', () => rename(file(), file())],
      ['rename', () => rename(file(), file())],
      ['rename a folder', () => rename(folder(), folder())],
      ['rename a folder', () => rename(folder(), folder())],
      ['swap', () => swap(file(), file())],
      ['swap folders', () => swap(folder(), folder())],
      ['chain', () => chain([file(), file(), file(), file()])],
      ['there and back', () => thereAndBack(file(), file())],
      ['there and back, a folder', () => thereAndBack(folder(), folder())],
      ['another case', () => inOtherCase(this.#root)],
      ['atomic save', () => this.#saveThrough(file())],
      ['save beside a backup', () => this.#saveBeside(file())],
      ['remove and make', () => this.#remake(file())],
      ['the root away and back', () => thereAndBack(this.#root, `${this.#root}-away`)],
    ];
  }

  #write(path: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, this.#next());
  }

  #saveThrough(path: string): void {
    this.#write(`${path}.tmp`);
    renameSync(`${path}.tmp`, path);
  }

  #saveBeside(path: string): void {
    renameSync(path, `${path}~`);
    this.#write(path);
    rmSync(`${path}~`);
  }

  #remake(path: string): void {
    rmSync(path);
    this.#write(path);
  }

  /** Never the same twice, and of few lengths. */
  #next(): string {
    this.#count += 1;
    return String(this.#count);
  }

  #file(): string {
    return join(this.#folder(), this.#choose(FILES) || `${this.#choose(FILES)}0`);
  }

  #folder(): string {
    return join(this.#root, this.#choose(FOLDERS));
  }

  #choose<Each>(list: readonly Each[]): Each {
    const each = list[Math.floor(this.#random() * list.length)];
    if (each === undefined) throw new Error('nothing to choose from');
    return each;
  }
}

function rewrite(path: string): void {
  writeFileSync(path, readFileSync(path));
}

function thereAndBack(from: string, to: string): void {
  renameSync(from, to);
  renameSync(to, from);
}

/** Renames the first file in a folder that can be told from its other case. */
function inOtherCase(root: string): void {
  const [name = ''] = readdirSync(root);
  const other = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
  renameSync(join(root, name), join(root, other));
}
