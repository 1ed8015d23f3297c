import { expect, onTestFinished, vi } from 'vitest';
import { ProcessGroup } from './process-group.ts';

export interface ExampleSettings {
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Where to leave what ends it. @default onTestFinished */
  readonly onEnd?: (end: () => Promise<void>) => void;
}

/** Runs `examples/{name}/server.js` as its readers do; it is ended with them at the latest. */
export async function startExample(
  name: string,
  { port, env, onEnd = onTestFinished }: ExampleSettings,
): Promise<ProcessGroup> {
  const server = new ProcessGroup(process.execPath, [`examples/${name}/server.js`], {
    cwd: '.',
    env: { PORT: String(port), ...env },
  });
  onEnd(() => server.kill());
  // What it prints is its address, or why there is none.
  await vi.waitFor(() => expect(server.output).toMatch(/^http:\S+\s/), { timeout: 20_000 });
  return server;
}
