import picocolors from 'picocolors';
import { expect } from 'vitest';
import { changeLine } from '../../../server/cli/lines.ts';
import { startBackend } from './backend.ts';
import { blocksOf } from './blocks.ts';
import { startServer } from './follow-folder.ts';
import type { Project } from './project.ts';
import type { Runner } from './run-blocks.ts';
import { typeCheck } from './type-check.ts';

const soon = { timeout: 20_000 };

/** The lines that the terminal prints for what they tell of. */
export const lines: Runner = async (block) => {
  const style = { colors: picocolors.createColors(false), columns: 100 };
  const at = (...time: [number, number, number]) => new Date(2026, 0, 1, ...time).getTime();
  const two = { type: 'outcome', operation: 'write', tabs: 2 } as const;
  const swapped = {
    ...{ ...two, timestamp: at(12, 1, 33), path: '/css/site.css' },
    ...{ acts: { swap: 2, reload: 0, none: 0 }, sent: 6, duration: 38 },
  };
  const reloaded = {
    ...{ ...two, timestamp: at(12, 1, 40), path: '/index.html' },
    ...{ acts: { swap: 0, reload: 1, none: 1 }, sent: 5, duration: 61 },
  };
  const renamed = {
    ...({ type: 'outcome', operation: 'rename', timestamp: at(12, 1, 52) } as const),
    ...{ path: '/b.html', from: '/a.html', tabs: 0 },
    ...{ acts: { swap: 0, reload: 0, none: 0 }, sent: 2, duration: null },
  };
  const printed = [swapped, reloaded, renamed].map((event) => `${changeLine(event, style)}\n`);
  expect(block.text).toBe(printed.join(''));
};

async function printed(project: Project): Promise<Record<string, unknown>> {
  const blocks = blocksOf('docs/dev-server.md');
  const { text } = blocks.find(({ name }) => name === 'print-config') ?? { text: '' };
  const command = project.installed(text);
  expect(await command.ended()).toBe(0);
  return JSON.parse(command.output);
}

export const printConfig: Runner = async (_block, project) => {
  expect(await printed(project)).toMatchObject({
    configFile: null,
    root: { value: './site', source: 'flag' },
    host: { value: 'localhost', source: 'default' },
  });
};

export const printedConfig: Runner = async (block, project) => {
  expect(await printed(project)).toMatchObject(
    JSON.parse(`{${block.text.trim().replace(/,$/, '')}}`),
  );
};

export const config: Runner = async (block, project) => {
  await typeCheck(block.text, project);
  const backend = await startBackend('api');
  const text = block.text.replace('8000', `${backend.port}`);
  await project.write('dev-serve.config.ts', text);
  const server = await startServer('npx dev-serve', project);
  const response = await fetch(`${project.url}/api/users`);
  expect(await response.text()).toBe('api');
  await project.write('views/home.html', 'new');
  await expect.poll(() => server.output, soon).toMatch(/^write \/views\/home\.html$/m);
};

export const unknownKey: Runner = async (block, project) => {
  await project.write('dev-serve.config.js', 'export default { prot: 3000 };');
  const server = project.installed('npx dev-serve ./site');
  expect(await server.ended()).toBe(1);
  expect(server.output).toBe(block.text);
};
