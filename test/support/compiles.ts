import { expect } from 'vitest';

/** Code that only has to compile, which `tsc -p test` sees to: it is not run. */
export function compiles(code: (...needed: never[]) => unknown): void {
  expect(code).toBeTypeOf('function');
}
