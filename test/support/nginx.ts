import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { inject, type TestContext } from 'vitest';
import { freePort } from './free-port.ts';

/** Whether there is an nginx to run; without one its tests are skipped, and that was said. */
export const hasNginx = inject('nginxPath') !== undefined;

export interface NginxOptions {
  /** What is said besides `proxy_pass`, each with its semicolon. @default nothing */
  readonly directives?: readonly string[];
}

/** A reverse proxy as Debian's package sets it up, on a port of 127.0.0.1, in a folder of its own. */
export class Nginx {
  readonly port: number;
  readonly #folder: string;
  #child: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  /** `target`: the port of the server behind it. */
  static async start(
    { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
    target: number,
    { directives = [] }: NginxOptions = {},
  ): Promise<Nginx> {
    const folder = await mkdtemp(join(tmpdir(), 'dev-serve-nginx-'));
    const nginx = new Nginx(await freePort(), folder);
    onTestFinished(async () => {
      await nginx.stop();
      await rm(folder, { recursive: true, force: true });
    });
    await writeFile(nginx.#configuration, configure(nginx.port, folder, target, directives));
    await nginx.restart();
    return nginx;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/events`;
  }

  get #configuration(): string {
    return join(this.#folder, 'nginx.conf');
  }

  /** Starts it again on the same port; resolves once it takes connections. */
  async restart(): Promise<void> {
    await this.stop();
    const args = ['-c', this.#configuration, '-e', join(this.#folder, 'error.log')];
    const child = spawn(inject('nginxPath') ?? '', args, { stdio: 'ignore' });
    this.#child = child;
    while (!(await listens(this.port))) {
      if (child.exitCode !== null) throw new Error(await this.errors());
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Ends it at once, with all connections; its workers go with it. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }

  errors(): Promise<string> {
    return readFile(join(this.#folder, 'error.log'), 'utf8');
  }
}

/** The settings of Debian's /etc/nginx/nginx.conf, those of TLS left out, with paths of its own. */
function configure(
  port: number,
  folder: string,
  target: number,
  directives: readonly string[],
): string {
  const ownPaths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  return `
daemon off;
user ${userInfo().username};
worker_processes auto;
pid ${folder}/nginx.pid;
events {
  worker_connections 768;
}
http {
  sendfile on;
  tcp_nopush on;
  types_hash_max_size 2048;
  # A pattern may match nothing.
  include /etc/nginx/mime.type[s];
  default_type application/octet-stream;
  access_log ${folder}/access.log;
  gzip on;
  ${ownPaths.join('\n  ')}
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${target};
      ${directives.join('\n      ')}
    }
  }
}
`;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
