import { join } from 'node:path';
import { expect, inject, type TestContext, vi } from 'vitest';
import { freePort } from '../free-port.ts';
import { ProcessGroup } from '../process-group.ts';

const PROGRAM = join(inject('serversPath'), 'peers/news-process.mjs');
const soon = { timeout: 20_000 };

/** A server in a process of its own, always on the same port, that is ended as by a crash. */
export class NewsProcess {
  readonly port: number;
  readonly #place: string;
  #process: ProcessGroup | undefined;

  private constructor(port: number, place: string) {
    this.port = port;
    this.#place = place;
  }

  /** `place`: where its log is, the URL of a Redis or a folder. */
  static async start(
    { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
    place: string,
  ): Promise<NewsProcess> {
    const server = new NewsProcess(await freePort(), place);
    onTestFinished(() => server.kill());
    await server.restart();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/events`;
  }

  async restart(): Promise<void> {
    const args = [PROGRAM, String(this.port), this.#place];
    const child = new ProcessGroup(process.execPath, args, { cwd: '.' });
    this.#process = child;
    await vi.waitFor(() => expect(child.output).toBe('listening\n'), soon);
  }

  async kill(): Promise<void> {
    await this.#process?.kill('SIGKILL');
  }

  /** Resolves to the id once the event is stored; rejects if nobody is there to say so. */
  async publish(data: string): Promise<string> {
    const response = await fetch(new URL('/news', this.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ data }),
    });
    const { id } = await response.json();
    return String(id);
  }
}
