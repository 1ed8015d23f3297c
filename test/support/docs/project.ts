import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { freePort } from '../free-port.ts';
import { ProcessGroup } from '../process-group.ts';
import { type Running, runApp } from './app-host.ts';

/** What the examples of the documents take for granted. */
const FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module", "private": true }',
  'public/index.html': '<!doctype html><title>public</title><link rel="stylesheet" href="/a.css">',
  'public/a.css': 'body {}',
  'views/home.html': '<!doctype html><title>home</title><h1>{{title}}</h1>',
  'notes.txt': 'one\ntwo\n',
};

/** Packages that they import beside dev-serve. */
const PACKAGES = [
  'fastify',
  'express',
  'koa',
  'ioredis',
  'prom-client',
  'redis',
  '@fastify/compress',
  '@fastify/cors',
  '@fastify/helmet',
];

const PORT = 3000;
/** A server that is told no port. */
const STARTS = /^(npx |node_modules\/.bin\/)dev-serve\b(?!.*--port)/;
const APP = `
import Fastify from 'fastify';
import sse from 'dev-serve/sse';
const app = Fastify();
await app.register(sse);
`;

/** A folder in which dev-serve is installed, with ports for what is written for 3000 and 3001. */
export class Project {
  readonly root: string;
  readonly port: number;
  #apps = 0;

  private constructor(root: string, port: number) {
    this.root = root;
    this.port = port;
  }

  static async create(): Promise<Project> {
    const project = new Project(await mkdtemp(join(tmpdir(), 'dev-serve-docs-')), await freePort());
    onTestFinished(() => rm(project.root, { recursive: true, force: true }));
    for (const [path, text] of Object.entries(FILES)) await project.write(path, text);
    for (const site of ['site', 'fixtures/site']) {
      await cp('fixtures/site', join(project.root, site), { recursive: true });
    }
    await cp('examples', join(project.root, 'examples'), { recursive: true });
    await project.#install();
    return project;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.root, path)), { recursive: true });
    await writeFile(join(this.root, path), text);
  }

  /** Runs a program on Node; a piece of one is put into an app, and an app is made to listen. */
  async program(text: string, listens = true): Promise<ProcessGroup> {
    await this.write('program.mjs', this.#whole(text, listens));
    return this.#spawn(process.execPath, ['program.mjs']);
  }

  /** The same for one with an `app`, in the process of all these: one at a time, which listens. */
  async app(text: string): Promise<Running> {
    this.#apps += 1;
    const name = `app-${this.#apps}.mjs`;
    await this.write(name, `${this.#whole(text, true)}export { app };\n`);
    return runApp(join(this.root, name));
  }

  /** Runs a line of a shell; a server it starts takes the port of this project. */
  command(line: string): ProcessGroup {
    const served = line.trim().replace(STARTS, `$& --port ${PORT}`);
    return this.#spawn('sh', ['-c', this.#onOwnPort(served)]);
  }

  /** The same without npx, which takes half a second to find what is installed. */
  installed(line: string): ProcessGroup {
    return this.command(line.trim().replace(/\bnpx (?=dev-serve\b)/, 'node_modules/.bin/'));
  }

  /** Resolves once something answers; fails with what the server printed. */
  async answers(server: Running, path = '/'): Promise<void> {
    const attempt = () =>
      fetch(this.url + path, { method: 'HEAD' }).then(
        () => 'answers',
        () => server.output || 'no answer',
      );
    await expect.poll(attempt, { timeout: 20_000 }).toBe('answers');
  }

  /** A page as a browser gets it when it is navigated there. */
  async page(path = '/'): Promise<string> {
    const response = await fetch(this.url + path, { headers: { accept: 'text/html' } });
    return response.text();
  }

  #spawn(command: string, args: readonly string[]): ProcessGroup {
    const env = {
      PORT: String(this.port),
      // Certificates are made for this project, and signed by nobody of this machine.
      XDG_CACHE_HOME: join(this.root, '.cache'),
      CAROOT: join(this.root, '.mkcert'),
    };
    const group = new ProcessGroup(command, args, { cwd: this.root, env });
    onTestFinished(() => group.kill());
    return group;
  }

  #whole(text: string, listens: boolean): string {
    const isWhole = /\b(Fastify|createDevServer|createEventHub)\(/.test(text);
    const start = isWhole ? '' : APP;
    const hasEnd = !listens || text.includes('.listen(');
    const end = hasEnd ? '' : `await app.listen({ port: ${PORT} });\n`;
    return this.#onOwnPort(start + text + end);
  }

  #onOwnPort(text: string): string {
    const written = new RegExp(`\\b(${PORT}|${PORT + 1})\\b`, 'g');
    return text.replace(written, (port) => String(this.port + Number(port) - PORT));
  }

  async #install(): Promise<void> {
    const modules = join(this.root, 'node_modules');
    await mkdir(join(modules, '.bin'), { recursive: true });
    await symlink(resolve('.'), join(modules, 'dev-serve'), 'dir');
    const command = join('../dev-serve', packageJson.bin['dev-serve']);
    await symlink(command, join(modules, '.bin/dev-serve'));
    await mkdir(join(modules, '@fastify'));
    for (const name of PACKAGES) {
      await symlink(resolve('node_modules', name), join(modules, name), 'dir');
    }
  }
}
