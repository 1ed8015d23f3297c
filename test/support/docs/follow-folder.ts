import { expect } from 'vitest';
import type { ProcessGroup } from '../process-group.ts';
import type { Project } from './project.ts';

const soon = { timeout: 20_000 };

/** Runs `npx dev-serve`, and waits until it is ready. */
export async function startServer(
  line: string,
  project: Project,
  server = project.installed(line),
): Promise<ProcessGroup> {
  await expect.poll(() => server.output, soon).toContain('Ctrl-C to stop');
  return server;
}

/** The same with npx itself; then edits a file of the site and waits for the edit to be told. */
export async function followFolder(line: string, project: Project, site: string): Promise<void> {
  const server = await startServer(line, project, project.command(line));
  expect(server.output).toContain(`${project.url}/`);
  expect(await project.page()).toContain('<script src="/@dev-serve/client.js"');
  await project.write(`${site}/css/site.css`, 'body { color: green }');
  await expect.poll(() => server.output, soon).toContain('write   /css/site.css');
}
