import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Advisory } from '../advisory.ts';

const CLEAR = '\u001b[2J\u001b]0;owned\u0007';
/** All that moves a cursor, turns text round, or ends a line that is one entry. */
const UNSEEN = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069\u2028\u2029\u200b\ufeff]/u;

/** What is printed of what others send. */
export const terminal: readonly Advisory[] = [
  {
    ids: ['CVE-2025-27111', 'GHSA-8cgq-6mh2-7j6v'],
    product: 'Rack',
    cause: 'escape sequences of a header went to the log as they are',
    promise: 'nothing that a request or a file name holds acts on the terminal',
    async probe({ command, folder }) {
      const texts = [CLEAR, '\u009b2J', '\u202etxt.exe', '\u2028', '\rGET /forged 200', '\nforged'];
      for (const text of texts) {
        const bytes = Buffer.from(text).toString('latin1');
        for (const name of ['Host', 'Origin', 'User-Agent', 'Referer', 'X-Forwarded-For']) {
          await command.get(`/?${encodeURIComponent(text)}`, `${name}: ${bytes}`);
        }
        await command.upgrade('/events/ws', `Origin: http://${bytes}.example`);
        await command.get(`/${encodeURIComponent(text)}`);
        await command.get(`/\u009b${bytes}`);
      }
      for (const host of ['evil\u009b2J.example', 'turned\u00ad.example']) {
        await command.get('/', `Host: ${host}`);
      }
      // The first is no name that a URL leads to, and is told as such; the second is a change.
      for (const name of [`red${CLEAR}\u202e.txt`, 'turned\u202e.txt']) {
        const path = join(folder.root, name);
        await writeFile(path, '');
        onTestFinished(() => rm(path));
      }
      await command.get('/last-of-all');
      for (const line of [/GET \/last-of-all 404/, /red\\u.*owned/, /create +\/turned\\u/]) {
        await expect.poll(() => command.output, { timeout: 20_000 }).toMatch(line);
      }
      expect(UNSEEN.exec(command.output)).toBeNull();
      for (const line of command.output.split('\n')) {
        expect(line).not.toMatch(/^\s*(?:GET \/)?forged/);
      }
    },
  },
];
