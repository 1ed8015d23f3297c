import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** An empty directory, removed with all that is in it when the test is done. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'dev-serve-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
