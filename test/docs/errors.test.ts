import { describe, expect, it } from 'vitest';
import * as errors from '../../plugins/errors.ts';
import { blocksOf, tableRows } from '../support/docs/blocks.ts';
import { type Runner, runBlocks } from '../support/docs/run-blocks.ts';

const DOCUMENT = 'docs/errors.md';

const printed = blocksOf(DOCUMENT).find(({ name }) => name === 'output')?.text;

const catching: Runner = async (block, project) => {
  const program = await project.program(block.text);
  await project.answers(program);
  expect(program.output).toBe(printed);
};

const output: Runner = async (block) => {
  const error = new errors.InvalidOptionError(
    'root',
    'names no directory: "missing" does not exist',
  );
  expect(block.text).toBe(`${error.code}\n${error.message}\n`);
};

runBlocks(DOCUMENT, { catch: catching, output });

describe(`the table in ${DOCUMENT}`, () => {
  it('names each code of the table of errors', () => {
    const codes = Object.values(errors).map((Coded) => new Coded('', '').code);
    expect(tableRows(DOCUMENT, 'code').sort()).toEqual(codes.sort());
  });

  it('says which are TypeErrors', () => {
    const others = Object.values(errors)
      .map((Coded) => new Coded('', ''))
      .filter((error) => !(error instanceof TypeError));
    expect(others.map(({ code }) => code)).toEqual([tableRows(DOCUMENT, 'code').at(-1)]);
  });
});
