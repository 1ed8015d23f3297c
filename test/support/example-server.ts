import { expect, onTestFinished } from 'vitest';
import { ProcessGroup } from './process-group.ts';

export interface ExampleSettings {
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `examples/{name}/server.js` as its readers do; it is ended with the test at the latest. */
export async function startExample(
  name: string,
  { port, env }: ExampleSettings,
): Promise<ProcessGroup> {
  const server = new ProcessGroup(process.execPath, [`examples/${name}/server.js`], {
    cwd: '.',
    env: { PORT: String(port), ...env },
  });
  onTestFinished(() => server.kill());
  // What it prints is its address, or why there is none.
  await expect.poll(() => server.output, { timeout: 20_000 }).toMatch(/^http:\S+\s/);
  return server;
}
