import { describe, expect, it } from 'vitest';
import * as errors from '../../plugins/errors.ts';
import { blocksOf, tableRows } from '../support/docs/blocks.ts';
import { type Runner, runBlocks } from '../support/docs/run-blocks.ts';

const DOCUMENT = 'docs/errors.md';

const printed = blocksOf(DOCUMENT).find(({ name }) => name === 'output')?.text;

const catching: Runner = async (block, project) => {
  const program = await project.program(block.text, false);
  await program.ended();
  expect(program.output).toBe(printed);
};

/** The program above prints it. */
const output: Runner = async (block) => {
  const [code, ...message] = block.text.trim().split('\n');
  expect(tableRows(DOCUMENT, 'code')).toContain(code);
  expect(message).toHaveLength(1);
};

runBlocks(DOCUMENT, { catch: catching, output });

describe(`the table in ${DOCUMENT}`, () => {
  const made = Object.values(errors).map((Coded) => Reflect.construct(Coded, ['', '']));
  const codes = tableRows(DOCUMENT, 'code');

  it('names each code of the table of errors', () => {
    expect(codes.toSorted()).toEqual(made.map(({ code }) => code).sort());
  });

  it('has those that are no TypeErrors at its end', () => {
    const others = made.filter((error) => !(error instanceof TypeError));
    expect(others.map(({ code }) => code).sort()).toEqual(codes.slice(-others.length).sort());
  });
});
