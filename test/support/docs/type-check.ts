import { resolve } from 'node:path';
import { expect } from 'vitest';
import type { Project } from './project.ts';

const PIECE = `
import Fastify from 'fastify';
import type {} from 'dev-serve/sse';
const app = Fastify();
`;

/** Expects that a strict TypeScript takes it; a piece of a program is put into an app. */
export async function typeCheck(text: string, project: Project): Promise<void> {
  await project.write('program.ts', text.includes('import ') ? text : PIECE + text);
  const settings = '--noEmit --strict --skipLibCheck --module nodenext --target es2023';
  const types = `--lib es2023,dom --types node --typeRoots ${resolve('node_modules/@types')}`;
  const tsc = `${process.execPath} ${resolve('node_modules/typescript/bin/tsc')}`;
  const check = project.command(`${tsc} ${settings} ${types} program.ts`);
  const code = await check.ended();
  expect(check.output).toBe('');
  expect(code).toBe(0);
}
