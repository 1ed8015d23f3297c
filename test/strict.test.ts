import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import own from '../vitest.config.ts';
import ofSoak from './soak/vitest.config.ts';

const run = (program: string) => promisify(execFile)(process.execPath, ['--eval', program]);

describe('a process of the tests', () => {
  it('is ended by a rejection that nobody handles, and by what is deprecated', () => {
    expect(process.throwDeprecation).toBe(true);
    expect(process.env.NODE_OPTIONS).toContain('--unhandled-rejections=strict');
  });

  it('is no other in a soak', () => {
    expect(own.test?.env?.NODE_OPTIONS).toContain('--throw-deprecation');
    expect(ofSoak.test?.env).toEqual(own.test?.env);
  });

  it.each(["Promise.reject(new Error('why'))", "process.emitWarning('why', 'DeprecationWarning')"])(
    'so is one that it starts: %s',
    async (program) => {
      await expect(run(program)).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining('why'),
      });
    },
  );
});
