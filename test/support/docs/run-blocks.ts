import { describe, expect, it, type TestContext } from 'vitest';
import { type Block, blocksOf } from './blocks.ts';
import { Project } from './project.ts';

/** Does what a reader would do with a block, in a project of its own, and checks the outcome. */
export type Runner = (block: Block, project: Project, context: TestContext) => Promise<void>;

/** Leaves the block out where there is no such program, which was said loudly already. */
export function needs(program: unknown, runner: Runner): Runner {
  return async (block, project, context) => {
    context.skip(program === undefined);
    await runner(block, project, context);
  };
}

/** Makes a test of each code block of a document. A block without a runner is a failure. */
export function runBlocks(path: string, runners: Readonly<Record<string, Runner>>): void {
  const blocks = blocksOf(path);
  describe(`the code in ${path}`, () => {
    it.for(blocks)('runs: $name (line $line)', async (block, context) => {
      const runner = runners[block.name];
      if (!runner) throw new Error(`${path}:${block.line}: no test runs this block`);
      await runner(block, await Project.create(), context);
    });

    it('is all there, once', () => {
      expect(blocks.map(({ name }) => name).sort()).toEqual(Object.keys(runners).sort());
    });
  });
}
